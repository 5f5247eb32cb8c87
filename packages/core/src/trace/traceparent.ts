const format = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** The header as it is when it is a valid one (W3C Trace Context, 3.2), else null: a broken trace is no reason to refuse a job. */
export function validTraceparent(header: string | readonly string[] | undefined): string | null {
  return typeof header === "string" && format.test(header) ? header : null
}

/** The trace that a valid `traceparent` belongs to; null for none. */
export function traceIdOf(traceparent: string | null): string | null {
  return traceparent === null ? null : traceparent.slice(3, 35)
}
