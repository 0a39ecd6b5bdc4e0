import { dereference, validate } from '@cfworker/json-schema'
import type { Schema } from '@cfworker/json-schema'
import schemaFile from '#resources/protocol/bs1.schema.json' with { type: 'json' }
import { decodeUtf8 } from '#common/letters/bytes.ts'
import type { ReportKind, ReportShapes } from '#common/letters/reports.ts'

/**
 * The BS1 schema, interpreted (no generated code: windows and kiosk pages run under a CSP without eval). One copy per process.
 * The library marks the schema with absolute addresses, hence the copy.
 */
const schema: Schema = JSON.parse(JSON.stringify(schemaFile))
const lookup = dereference(schema)
const root = schema.$id ?? ''

/** Validates against `#/$defs/{name}`; an unknown name is a fault of the caller. */
export function validateBs1(name: string, value: unknown): boolean {
  const part = lookup[`${root}#/$defs/${name}`]
  if (part === undefined) throw new RangeError(`BS1 schema has no ${name}`)
  return validate(value, part, '2020-12', lookup, true).valid
}

/** First complaints of the schema in words, for logs and tests. */
export function explainBs1(name: string, value: unknown): string[] {
  const part = lookup[`${root}#/$defs/${name}`]
  if (part === undefined) throw new RangeError(`BS1 schema has no ${name}`)
  return validate(value, part, '2020-12', lookup, false).errors.slice(0, 5).map((error) => `${error.instanceLocation} ${error.error}`)
}

/** Parses a report body of a device: bounded JSON text, then the schema. Null when it is not one. */
export function parseReport<K extends ReportKind>(kind: K, body: Uint8Array | string): ReportShapes[K] | null {
  if (body.length > 32_768) return null
  const text = typeof body === 'string' ? body : decodeUtf8(body)
  if (text === null) return null
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  return isReport(kind, value) ? value : null
}

function isReport<K extends ReportKind>(kind: K, value: unknown): value is ReportShapes[K] {
  return validateBs1(kind, value)
}
