import type { RequestBody } from "./build-body.ts"
import { timeoutMsOf } from "./call-limits.ts"
import type { WireCall } from "./wire.ts"

/** Beyond the deadline of the call, so that the SDK's own clock never speaks first. */
const sdkMarginMs = 5_000

export interface SdkRequest {
  readonly body: RequestBody
  readonly headers: Record<string, string>
  readonly timeout: number
}

/** A POST as the SDKs take it. Aborts and time-outs stay with the exchange under them. */
export function postJson({ endpoint, idempotencyKey }: WireCall, body: RequestBody): SdkRequest {
  return {
    body,
    headers: { "idempotency-key": idempotencyKey },
    timeout: Math.min(timeoutMsOf(endpoint) + sdkMarginMs, 2 ** 31 - 1),
  }
}
