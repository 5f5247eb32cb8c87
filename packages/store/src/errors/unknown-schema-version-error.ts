/** A document was written by another version of the software than this process can read. It was not touched. */
export class UnknownSchemaVersionError extends Error {
  constructor(options: { what: string; found: unknown; known: number }) {
    const { what, found, known } = options
    super(
      `${what} has schemaVersion ${String(found)}; this process reads versions up to ${known}. Run the release that wrote it, or a newer one.`,
    )
    this.name = "UnknownSchemaVersionError"
  }
}
