/** A sealed value cannot be opened. It names the key and the place, never anything of the value. */
export class DecryptionError extends Error {
  readonly keyId: string
  readonly reason: "missing_key" | "damaged"

  constructor(options: { keyId: string; reason: "missing_key" | "damaged"; where: string; cause?: unknown }) {
    super(`${options.where} ${explain(options)}`, { cause: options.cause })
    this.name = "DecryptionError"
    this.keyId = options.keyId
    this.reason = options.reason
  }
}

function explain({ keyId, reason }: Pick<DecryptionError, "keyId" | "reason">): string {
  return reason === "missing_key"
    ? `is encrypted with the key "${keyId}", which this process does not have. Add it to SLUICE_ENCRYPTION_KEYS (not in the first place, if it is an old one) and start again.`
    : `cannot be decrypted with the key "${keyId}": the value was changed or moved, or another key has the same name.`
}
