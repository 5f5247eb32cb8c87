import type { ProviderErrorType, Usage } from "@sluice/core"

/**
 * What an adapter itself finds wrong: a request that its wire cannot express, or an answer that cannot be used. Becomes a
 * `ProviderError` where the endpoint and the answer's headers are known.
 */
export class CallError extends Error {
  readonly type: ProviderErrorType
  readonly code: string | null
  /** What the unusable answer cost, when the provider said so. */
  readonly usage: Usage | null

  constructor(options: { type: ProviderErrorType; message: string; code?: string | null; usage?: Usage | null }) {
    super(options.message)
    this.name = "CallError"
    this.type = options.type
    this.code = options.code ?? null
    this.usage = options.usage ?? null
  }
}
