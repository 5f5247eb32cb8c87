const dayMs = 86_400_000

/** Of RFC 9110, 5.6.7: as senders write it now, and the two obsolete forms. */
const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /

/**
 * How long a receiver asked to be left alone, in milliseconds: `retry-after` as seconds or an HTTP date (RFC 9110, 10.2.3), a
 * day at most. Null when it did not say, or nothing that can be read.
 */
export function retryAfterMsOf(header: string | string[] | undefined, now: Date): number | null {
  const text = (Array.isArray(header) ? header[0] : header)?.trim() ?? ""
  if (/^\d+(?:\.\d+)?$/.test(text)) return bounded(Math.ceil(Number(text) * 1_000))
  if (!httpDate.test(text)) return null
  const atMs = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`)
  return Number.isNaN(atMs) ? null : bounded(atMs - now.getTime())
}

function bounded(ms: number): number {
  return Math.min(Math.max(ms, 0), dayMs)
}
