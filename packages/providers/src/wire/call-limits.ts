import type { Endpoint, Kind, ProviderCall } from "@sluice/core"
import type { ProviderSettings } from "../provider-settings.ts"
import type { ExchangeLimits } from "../transport/http-exchange.ts"

const defaultTimeoutMs = 120_000
const defaultIdleMs = 30_000

/** How long a whole call to the endpoint may take. */
export function timeoutMsOf(endpoint: Endpoint): number {
  return endpoint.timeoutMs ?? defaultTimeoutMs
}

/** The bounds of each exchange of a call. `signal` is the call's, which also ends with its time. */
export function limitsOf({ endpoint, work }: ProviderCall, signal: AbortSignal, settings: ProviderSettings): ExchangeLimits {
  return {
    signal,
    firstChunkMs: endpoint.firstChunkMs ?? 0,
    idleMs: endpoint.idleMs ?? defaultIdleMs,
    maxResponseBytes: maxResponseBytes(work.kind, settings),
  }
}

/** Vectors and pictures, in JSON, are an order of magnitude larger than anything that was written. */
function maxResponseBytes(kind: Kind, settings: ProviderSettings): number {
  return kind === "embedding" || kind === "image" ? settings.maxBinaryResponseBytes : settings.maxResponseBytes
}
