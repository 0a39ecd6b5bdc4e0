/** What this folder needs from a platform. `preload/contract/bs1-primitives.ts` makes them for Node and for browsers. */
export interface Primitives {
  /** `x` = raw 32-byte public key, base64url. False for anything that does not verify; never throws. */
  verifyEd25519(x: string, message: Uint8Array, signature: Uint8Array): boolean | Promise<boolean>
  sha256(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
  hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
  /** Validates against `#/$defs/{name}` of the BS1 schema. */
  validate(name: string, value: unknown): boolean
}
export type SignBytes = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>
