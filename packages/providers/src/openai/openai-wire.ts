import type { Endpoint } from "@sluice/core"
import type { OpenAI } from "openai"
import type { ClassificationRule } from "../failure/classify-failure.ts"
import type { ProviderSettings } from "../provider-settings.ts"
import { createClientCache } from "../transport/client-cache.ts"
import { createSdkExchange } from "../transport/sdk-exchange.ts"
import { postJson } from "../wire/post-json.ts"
import type { Wire } from "../wire/wire.ts"
import { openChatStream } from "./chat-stream.ts"
import { convertRequest, type MaxTokensName } from "./convert-request.ts"
import { convertResponse } from "./convert-response.ts"
import { readOpenaiFailure } from "./error-schema.ts"
import type { ClientSource } from "./openai-client.ts"
import { readOpenaiRateLimits } from "./rate-limit-headers.ts"

/** Where those who speak OpenAI's wire differ. */
export interface OpenaiDialect {
  readonly createClient: (source: ClientSource) => OpenAI
  readonly maxTokensName: (endpoint: Endpoint) => MaxTokensName
  readonly requestIdHeaders: readonly string[]
  readonly rules: readonly ClassificationRule[]
  /** Left out: answers of every endpoint can come as streams. */
  readonly canStream?: (endpoint: Endpoint) => boolean
}

export function openaiWire({ pool }: ProviderSettings, dialect: OpenaiDialect): Wire {
  const exchange = createSdkExchange(pool.dispatcher)
  const clientFor = createClientCache(dialect.createClient)
  return {
    kinds: ["chat", "embedding", "image"],
    requestIdHeaders: dialect.requestIdHeaders,
    openStream: ({ work, endpoint }, onDelta) =>
      work.kind === "chat" && (dialect.canStream?.(endpoint) ?? true) ? openChatStream(onDelta) : null,
    send: (call) => {
      const { path, body } = convertRequest(call, dialect.maxTokensName(call.endpoint))
      const client = clientFor({ endpoint: call.endpoint, apiKey: call.apiKey, fetch: exchange.fetch })
      return exchange.send(call.limits, () => client.post(path, postJson(call, body)).asResponse())
    },
    readRateLimits: readOpenaiRateLimits,
    readFailure: readOpenaiFailure,
    rules: dialect.rules,
    convertResponse: (call, body) => convertResponse(call, body, pool.redirecting),
  }
}
