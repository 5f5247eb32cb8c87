/** Milliseconds that a `Retry-After` header (RFC 9110, 10.2.3) asks to wait: seconds or an HTTP date. Null when it says nothing. */
export function parseRetryAfter(header: string | null, now: number): number | null {
  if (header === null) return null
  if (/^\d+$/.test(header.trim())) return Number(header) * 1_000
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}
