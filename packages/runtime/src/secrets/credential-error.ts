/** A credential cannot be had. It names the reference, never the value. */
export class CredentialError extends Error {
  readonly reference: string

  constructor(options: { reference: string; message: string; cause?: unknown }) {
    super(`Credential ${options.reference}: ${options.message}`, { cause: options.cause })
    this.name = "CredentialError"
    this.reference = options.reference
  }
}
