import { type Endpoint, type Provider, ProviderError, type Work } from "@sluice/core"
import type { EndpointCheck } from "./endpoint-check.ts"

export interface EndpointCall {
  readonly provider: Provider
  readonly endpoint: Endpoint
  readonly work: Work
  readonly apiKey: string | null
  readonly signal: AbortSignal
  readonly now: () => number
}

/** Asks an endpoint once, without retries, and says what came back. */
export async function callEndpoint({ provider, now, ...call }: EndpointCall): Promise<NonNullable<EndpointCheck["call"]>> {
  const startedAt = now()
  const finding = (ok: boolean, message: string) => ({ ok, message, durationMs: now() - startedAt })
  if (!provider.supports(call.work.kind)) return finding(false, `${call.endpoint.provider} has no calls of the kind ${call.work.kind}`)
  try {
    const { model } = await provider.generate({ ...call, idempotencyKey: crypto.randomUUID() })
    return finding(true, `answers as ${model}`)
  } catch (error) {
    if (error instanceof ProviderError) return finding(false, `${error.type}: ${error.message}`)
    throw error
  }
}
