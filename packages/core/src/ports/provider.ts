import type { EndpointConfig } from "../configuration/endpoint.ts"
import type { Output, Work } from "../contract/input.ts"
import type { Usage } from "../contract/job-resource.ts"

/** An allowance as the provider reported it with an answer. Null where it said nothing. */
export interface RateLimitWindow {
  readonly limit: number | null
  readonly remaining: number | null
  readonly resetMs: number | null
}

export interface RateLimitReport {
  readonly requests: RateLimitWindow | null
  readonly tokens: RateLimitWindow | null
}

export interface Endpoint extends EndpointConfig {
  readonly name: string
  /** `price` is the model's list price: the configuration has none. */
  readonly isPriceEstimated?: boolean
  /** The tenant's own key that is sent, for that tenant's jobs alone. Absent: that of `apiKey`. */
  readonly tenantKey?: TenantKeyRef
}

/** Names a tenant's own key, without the key. */
export interface TenantKeyRef {
  readonly tenantId: string
  /** See `ProviderCredential`. */
  readonly name: string
  readonly revision: string
}

/** Bytes that the provider made, to be stored by us. */
export interface GeneratedImage {
  readonly bytes: Uint8Array
  readonly contentType: string
  readonly width: number | null
  readonly height: number | null
}

/** What an adapter returns: the wire's output, except that images are still bytes. */
export type GeneratedOutput = Exclude<Output, { kind: "image" }> | { readonly kind: "image"; readonly images: readonly GeneratedImage[] }

export interface ProviderCall {
  readonly endpoint: Endpoint
  readonly work: Work
  /** The resolved credential; null for endpoints that need none. */
  readonly apiKey: string | null
  /** Aborts the call: the job was cancelled, or the worker drains. Time-outs are the adapter's own. */
  readonly signal: AbortSignal
  /** Of this attempt, also when a worker that was killed in mid-call is followed by another: some providers recognise repeated requests. */
  readonly idempotencyKey: string
  /**
   * Told of the answer's text piece by piece while it is being written: the answer is asked for as a stream. What is returned
   * at the end is the same as without, and counts where it differs from the pieces. Never called by a provider or for a kind
   * that has no streams. It must not throw.
   */
  readonly onDelta?: (text: string) => void
}

export interface ProviderAnswer {
  readonly generated: GeneratedOutput
  /** The model that the provider says it used. */
  readonly model: string
  /** Null when the provider did not say. */
  readonly usage: Usage | null
  readonly providerRequestId: string | null
  readonly httpStatus: number
  readonly rateLimits: RateLimitReport | null
}

/** Speaks one provider's wire. */
export interface Provider {
  /** Whether this wire has the kind at all. */
  supports(kind: Work["kind"]): boolean
  /**
   * Makes one call, without retries. Throws `ProviderError`, and nothing else, for whatever goes wrong, except that an
   * abort by `signal` rejects with the signal's reason.
   */
  generate(call: ProviderCall): Promise<ProviderAnswer>
  /** Closes pooled connections. */
  close(): Promise<void>
}
