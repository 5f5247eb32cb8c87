import type { GeneratedOutput, Json, Kind, ProviderCall, RateLimitReport, Usage } from "@sluice/core"
import type { ClassificationRule } from "../failure/classify-failure.ts"
import type { FailureReport } from "../failure/failure-report.ts"
import type { ResponseHeaders } from "../headers/response-headers.ts"
import type { ExchangeLimits, HttpResponse } from "../transport/http-exchange.ts"

/** A provider call on its way, with the bounds that its exchanges keep to. */
export interface WireCall extends ProviderCall {
  readonly limits: ExchangeLimits
}

/** What an answer contains, once it fits the wire's schema. */
export interface ConvertedAnswer {
  readonly generated: GeneratedOutput
  readonly model: string | null
  readonly usage: Usage | null
}

/** What differs between providers. All else is in `createWireProvider`. */
export interface Wire {
  readonly kinds: readonly Kind[]
  /** Where the provider's id of a request is, the best first. */
  readonly requestIdHeaders: readonly string[]
  /** Makes the request and returns what came back, whatever its status. */
  send(call: WireCall): Promise<HttpResponse>
  readRateLimits(headers: ResponseHeaders, nowMs: number): RateLimitReport | null
  /** Null when the body reports no failure. Also asked for successes that cannot be used, since failures come inside them. */
  readFailure(body: unknown): FailureReport | null
  readonly rules: readonly ClassificationRule[]
  /** Throws `CallError` or `z.ZodError` when the answer cannot be used. */
  convertResponse(call: WireCall, body: Json): Promise<ConvertedAnswer>
  /** For kinds whose answer may not be JSON. Null: parse it as JSON. */
  convertRaw?(call: WireCall, response: HttpResponse): ConvertedAnswer | null
}
