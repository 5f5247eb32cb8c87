import type { GeneratedOutput, Json, Kind, ProviderCall, RateLimitReport, Usage } from "@sluice/core"
import type { ClassificationRule } from "../failure/classify-failure.ts"
import type { FailureReport } from "../failure/failure-report.ts"
import type { ResponseHeaders } from "../headers/response-headers.ts"
import type { EventSink } from "../transport/event-stream.ts"
import type { ExchangeLimits, HttpResponse } from "../transport/http-exchange.ts"

/** A provider call on its way, with the bounds that its exchanges keep to. */
export interface WireCall extends ProviderCall {
  readonly limits: ExchangeLimits
  /** Takes the answer piece by piece: it is to be asked for as a stream. Null: in one piece. */
  readonly stream: AnswerStream | null
}

/** A streamed answer on its way, put together again to what it would have been in one piece. */
export interface AnswerStream extends EventSink {
  /**
   * The body that the provider would have sent unstreamed, or that of the failure which came in its stream. Throws `CallError`
   * `malformed_response` when the stream ended before the answer did, or has what cannot be read.
   */
  body(): Json
}

/** Told of each piece of the text, as it comes. */
export type OnDelta = (text: string) => void

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
  /** For a call whose answer can come as a stream. Null, or left out: it cannot. */
  openStream?(call: ProviderCall, onDelta: OnDelta): AnswerStream | null
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
