import type { Provider } from "@sluice/core"
import { readOpenaiRateLimits } from "../openai/rate-limit-headers.ts"
import { type ProviderOptions, type ProviderSettings, resolveSettings } from "../provider-settings.ts"
import { exchangeHttp } from "../transport/http-exchange.ts"
import { createWireProvider } from "../wire/create-wire-provider.ts"
import type { Wire } from "../wire/wire.ts"
import { convertRequest } from "./convert-request.ts"
import { convertRaw, convertResponse } from "./convert-response.ts"
import { readHttpFailure } from "./error-schema.ts"

/**
 * Any JSON API, by the endpoint's `http` template. It has every kind: `custom` with whatever the answer is, the others when
 * `http.response.output` points to what their kind consists of (a text, vectors, pictures).
 */
export function createHttpProvider(options: ProviderOptions = {}): Provider {
  const settings = resolveSettings(options)
  return createWireProvider(httpWire(settings), settings)
}

function httpWire({ pool }: ProviderSettings): Wire {
  return {
    kinds: ["chat", "embedding", "image", "custom"],
    requestIdHeaders: ["x-request-id", "request-id", "x-amzn-requestid"],
    send: (call) => exchangeHttp(pool.dispatcher, convertRequest(call), call.limits),
    // Servers of one's own tend to borrow these names.
    readRateLimits: readOpenaiRateLimits,
    readFailure: readHttpFailure,
    // Nothing is known of such an API but what statuses mean everywhere.
    rules: [],
    convertResponse: (call, body) => convertResponse(call, body, pool.redirecting),
    convertRaw,
  }
}
