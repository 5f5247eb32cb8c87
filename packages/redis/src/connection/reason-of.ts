/** What to say of an error, without a full stop. Node's errors about several addresses have no message, only a code. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.message !== "") return error.message.replace(/\.+$/, "")
  return "code" in error && typeof error.code === "string" ? error.code : error.name
}
