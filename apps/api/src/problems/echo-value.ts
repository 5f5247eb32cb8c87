const maxEchoChars = 80

/** What a caller sent, short enough for a sentence: scalars as JSON, cut at 80 characters, and the type of the rest. */
export function echoValue(value: unknown): string {
  if (Array.isArray(value)) return "an array"
  if (typeof value === "object" && value !== null) return "an object"
  if (typeof value !== "string") return String(value)
  return JSON.stringify(value.length > maxEchoChars ? `${value.slice(0, maxEchoChars)}…` : value)
}
