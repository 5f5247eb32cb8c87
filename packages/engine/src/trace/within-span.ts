import type { Span } from "@sluice/core"

/** Does something within a span, which ends with it; what it throws is the span's failure, by its name alone. */
export async function withinSpan<T>(span: Span, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    span.fail(error instanceof Error ? error.name : "unknown")
    throw error
  } finally {
    span.end()
  }
}
