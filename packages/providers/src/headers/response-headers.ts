/** Headers as undici hands them over: lower-case names, a list where a header came more than once. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** The first value of a header, or null when it is missing or empty. `name` is lower case. */
export function headerOf(headers: ResponseHeaders, name: string): string | null {
  const value = headers[name]
  const first = typeof value === "string" ? value : value?.[0]
  return first === undefined || first === "" ? null : first
}

/** The server's own clock when it says it, so that its timestamps are not judged by ours. Milliseconds since the epoch. */
export function serverTimeMs(headers: ResponseHeaders, nowMs: number): number {
  const date = Date.parse(headerOf(headers, "date") ?? "")
  return Number.isNaN(date) ? nowMs : date
}
