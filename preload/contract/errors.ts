import { z } from 'zod'

/**
 * Every error that may cross a process border. Texts live in the locales under `errors.<code>` as
 * three parts: `happened`, `safe`, `todo`. Data is safe to show; never a path outside the data folder, never a secret.
 */
export const errorCodes = [
  'internal', 'invalid-input', 'unknown-procedure', 'not-signed-in', 'forbidden', 'wrong-token', 'wrong-password', 'session-expired',
  'too-many-tries', 'already-set-up', 'name-taken', 'weak-password', 'wrong-pin', 'pin-not-set',
  'not-found', 'stale', 'edit-conflict', 'cancelled', 'busy', 'timeout', 'station-unreachable', 'port-in-use', 'another-station',
  'database-corrupt', 'database-newer', 'record-unreadable', 'backup-unusable', 'last-administrator', 'disk-full', 'file-missing', 'file-unreadable', 'file-empty', 'file-silent', 'file-too-long', 'file-not-audio', 'file-truncated', 'file-lying', 'file-changed', 'rebuilt-unlike',
  'duplicate', 'item-locked', 'step-refused', 'ffmpeg-missing', 'ffmpeg-failed', 'unsupported-format',
  'no-input', 'stream-unreachable', 'input-lost', 'take-open', 'take-unknown', 'disk-low', 'take-damaged', 'take-picked-up', 'speech-failed',
  'loudness-undefined', 'stretch-too-far', 'edit-refused', 'edit-lease', 'exchange-refused', 'file-exists', 'folder-missing', 'export-unlike', 'bins-full', 'nothing-to-undo', 'nothing-to-redo', 'render-empty',
  'not-approved', 'second-person-needed', 'changed-since-approval', 'log-overlap', 'log-past', 'line-locked', 'log-locked', 'log-closed', 'log-not-over', 'slot-overlap', 'marker-refused', 'air-by-hand', 'air-silent', 'air-backup', 'air-backup-stays', 'recording-failed',
  'no-target', 'device-unknown', 'claim-wrong', 'pairing-expired', 'broker-unreachable', 'key-locked', 'letter-refused', 'device-refused',
  'plan-part-used', 'plan-tomorrow-empty', 'plan-made-tomorrow',
  'no-message', 'image-unreadable', 'programme-empty', 'programme-incomplete',
] as const

export const ErrorCode = z.enum(errorCodes)
export type ErrorCode = z.infer<typeof ErrorCode>

export const ErrorData = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
export type ErrorData = z.infer<typeof ErrorData>

export const ErrorReply = z.object({ code: ErrorCode, data: ErrorData.optional() })
export type ErrorReply = z.infer<typeof ErrorReply>

/** The one error type of the house. `code` chooses the text, `data` fills its placeholders. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly data: ErrorData
  constructor(code: ErrorCode, options: { cause?: unknown; data?: ErrorData } = {}) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.data = options.data ?? {}
  }
}
