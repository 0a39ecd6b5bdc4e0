import { dereference, validate } from '@cfworker/json-schema'
import type { Schema } from '@cfworker/json-schema'
import schemaFile from '../../resources/protocol/bs1.schema.json' with { type: 'json' }

/** The BS1 schema with every object closed: a sender must not send what the protocol does not name (receivers ignore it, senders have no excuse). */
const schema: Schema = JSON.parse(JSON.stringify(schemaFile))
const letters = ['live', 'alert', 'screen', 'desired', 'keys', 'time', 'cmd', 'manifest'] as const

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
function close(part: Schema): void {
  for (const value of Object.values(part)) {
    if (Array.isArray(value)) {
      for (const entry of value) if (isSchema(entry)) close(entry)
    } else if (isSchema(value)) close(value)
  }
  if (part.type === 'object' && part.properties !== undefined && part.additionalProperties === undefined) part.additionalProperties = false
}
const defs: Record<string, Schema> = schema.$defs
for (const [name, part] of Object.entries(defs)) {
  if (name === 'base' || name === 'letter') continue
  if (!letters.some((letter) => letter === name)) {
    close(part)
    continue
  }
  // The members of a letter stand in two schemas (envelope and type): only together they are all.
  const own = part.allOf?.find((entry) => entry.type === 'object' && entry.properties !== undefined)
  for (const value of Object.values(own?.properties ?? {})) if (isSchema(value)) close(value)
  part.unevaluatedProperties = false
}
const lookup = dereference(schema)

/** Complaints about a letter or report this station or a device of the house sends; empty = exact. */
export function closedComplaints(name: string, value: unknown): string[] {
  const part = lookup[`${schema.$id}#/$defs/${name}`]
  if (part === undefined) throw new RangeError(name)
  return validate(value, part, '2020-12', lookup, false).errors.map((error) => `${error.instanceLocation}: ${error.error}`)
}
