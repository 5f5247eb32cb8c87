import type { Provider } from "@sluice/core"
import { type ProviderOptions, type ProviderSettings, resolveSettings } from "../provider-settings.ts"
import { createClientCache } from "../transport/client-cache.ts"
import { createWireProvider } from "../wire/create-wire-provider.ts"
import { createPostJson } from "../wire/post-json.ts"
import type { Wire } from "../wire/wire.ts"
import { createAnthropicClient } from "./anthropic-client.ts"
import { anthropicRules } from "./classify-error.ts"
import { convertRequest } from "./convert-request.ts"
import { convertResponse } from "./convert-response.ts"
import { readAnthropicFailure } from "./error-schema.ts"
import { openMessageStream } from "./message-stream.ts"
import { readAnthropicRateLimits } from "./rate-limit-headers.ts"

/**
 * Anthropic's Messages API at `baseUrl`, with or without `/v1`. It has chat only. Newer models take no `temperature` or
 * `top_p`; their endpoints have to drop them (`params.drop`).
 */
export function createAnthropicProvider(options: ProviderOptions = {}): Provider {
  const settings = resolveSettings(options)
  return createWireProvider(anthropicWire(settings), settings)
}

function anthropicWire({ pool }: ProviderSettings): Wire {
  const postJson = createPostJson(pool.dispatcher)
  const clientFor = createClientCache(createAnthropicClient)
  return {
    kinds: ["chat"],
    requestIdHeaders: ["request-id", "x-request-id"],
    openStream: ({ work }, onDelta) => (work.kind === "chat" ? openMessageStream(work.input, onDelta) : null),
    send: (call) => postJson(call, { client: clientFor(call), path: "/v1/messages", body: convertRequest(call) }),
    readRateLimits: readAnthropicRateLimits,
    readFailure: readAnthropicFailure,
    rules: anthropicRules,
    convertResponse: (call, body) => Promise.resolve(convertResponse(call, body)),
  }
}
