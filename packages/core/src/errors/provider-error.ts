import type { RateLimitReport } from "../ports/provider.ts"
import { traitsOf } from "./error-traits.ts"
import type { ProviderErrorType } from "./error-type.ts"

const marker = Symbol.for("sluice.provider-error")

export interface ProviderErrorOptions {
  readonly type: ProviderErrorType
  /** Says what the provider refused and why, without the prompt. It reaches the caller. */
  readonly message: string
  readonly httpStatus?: number | null
  /** The provider's own code, e.g. `context_length_exceeded`. */
  readonly providerCode?: string | null
  readonly providerRequestId?: string | null
  /** How long the provider asked to be left alone, from `retry-after-ms`, `retry-after` or its body. */
  readonly retryAfterMs?: number | null
  readonly rateLimits?: RateLimitReport | null
  /** What the failed call consumed, when the provider said so. */
  readonly usage?: { readonly inputTokens: number; readonly cachedInputTokens: number; readonly outputTokens: number } | null
  readonly cause?: unknown
}

/** A failed provider call, classified at birth. Nothing downstream looks at status codes again. */
export class ProviderError extends Error {
  readonly [marker] = true
  readonly type: ProviderErrorType
  readonly httpStatus: number | null
  readonly providerCode: string | null
  readonly providerRequestId: string | null
  readonly retryAfterMs: number | null
  readonly rateLimits: RateLimitReport | null
  readonly usage: NonNullable<ProviderErrorOptions["usage"]> | null

  constructor(options: ProviderErrorOptions) {
    super(options.message, { cause: options.cause })
    this.name = "ProviderError"
    this.type = options.type
    this.httpStatus = options.httpStatus ?? null
    this.providerCode = options.providerCode ?? null
    this.providerRequestId = options.providerRequestId ?? null
    this.retryAfterMs = options.retryAfterMs ?? null
    this.rateLimits = options.rateLimits ?? null
    this.usage = options.usage ?? null
  }

  get retryable(): boolean {
    return traitsOf(this.type).retryable
  }

  /** Works across copies of this package, where `instanceof` does not. */
  static isInstance(value: unknown): value is ProviderError {
    return typeof value === "object" && value !== null && marker in value
  }
}
