/** The `code` of an error of Node or of a driver, e.g. `ENOENT`; null when it has none. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null
}
