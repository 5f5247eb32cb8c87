/** What one document may hold; MongoDB's own limit, which no setting raises. */
export const maxDocumentBytes = 16 * 1024 * 1024

/** A document would outgrow what MongoDB stores as one. Trying again does not help; nothing was written. */
export class DocumentTooLargeError extends Error {
  constructor(options: { what: string; bytes: number; maxBytes: number }) {
    const { what, bytes, maxBytes } = options
    super(
      `${what} would take ${bytes.toLocaleString("en")} bytes; at most ${maxBytes.toLocaleString("en")} can be stored. Make it smaller.`,
    )
    this.name = "DocumentTooLargeError"
  }
}
