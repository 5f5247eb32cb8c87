import { type Endpoint, ProviderError } from "@sluice/core"

export interface StreamSupport {
  /** False: it has refused a stream lately. */
  mayStream(endpoint: Endpoint): boolean
  /** Whether a failed streamed call is worth making in one piece: it was refused, by a server that has never streamed here. */
  mayHaveRefused(endpoint: Endpoint, error: unknown): boolean
  /** A streamed call succeeded, or one in one piece did where the streamed one had been refused. */
  note(endpoint: Endpoint, what: "streamed" | "refused"): void
}

/** Servers are mended and replaced: after so long a stream is asked for again. */
const refusalLastsMs = 600_000
const refusals = new Set([400, 404, 405, 422, 501])

/**
 * Learns which servers stream: not all that follow a wire have the whole of it, and some refuse `stream` or `stream_options`. What
 * they say is not looked at, since every one says it differently, and the prompt may stand in it.
 */
export function createStreamSupport({ now }: { readonly now: () => number }): StreamSupport {
  const streamed = new Set<string>()
  const refusedUntil = new Map<string, number>()
  const keyOf = ({ baseUrl, model }: Endpoint): string => `${baseUrl}\n${model}`
  return {
    mayStream: (endpoint) => now() >= (refusedUntil.get(keyOf(endpoint)) ?? 0),
    mayHaveRefused: (endpoint, error) => !streamed.has(keyOf(endpoint)) && isRefusal(error),
    note(endpoint, what) {
      if (what === "streamed") streamed.add(keyOf(endpoint))
      else refusedUntil.set(keyOf(endpoint), now() + refusalLastsMs)
    },
  }
}

function isRefusal(error: unknown): boolean {
  return ProviderError.isInstance(error) && error.type === "invalid_input" && refusals.has(error.httpStatus ?? 0)
}
