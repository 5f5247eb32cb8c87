import type { Endpoint } from "@sluice/core"
import type { OpenAI } from "openai"
import type { ClassificationRule } from "../failure/classify-failure.ts"
import type { ProviderSettings } from "../provider-settings.ts"
import { type ClientIdentity, createClientCache } from "../transport/client-cache.ts"
import { createPostJson } from "../wire/post-json.ts"
import type { Wire } from "../wire/wire.ts"
import { openChatStream } from "./chat-stream.ts"
import { convertRequest, type MaxTokensName } from "./convert-request.ts"
import { convertResponse } from "./convert-response.ts"
import { readOpenaiFailure } from "./error-schema.ts"
import { readOpenaiRateLimits } from "./rate-limit-headers.ts"

/** Where those who speak OpenAI's wire differ. */
export interface OpenaiDialect {
  readonly createClient: (source: ClientIdentity) => OpenAI
  readonly maxTokensName: (endpoint: Endpoint) => MaxTokensName
  readonly requestIdHeaders: readonly string[]
  readonly rules: readonly ClassificationRule[]
  /** Left out: answers of every endpoint can come as streams. */
  readonly canStream?: (endpoint: Endpoint) => boolean
}

export function openaiWire({ pool }: ProviderSettings, dialect: OpenaiDialect): Wire {
  const postJson = createPostJson(pool.dispatcher)
  const clientFor = createClientCache(dialect.createClient)
  return {
    kinds: ["chat", "embedding", "image"],
    requestIdHeaders: dialect.requestIdHeaders,
    openStream: ({ work, endpoint }, onDelta) =>
      work.kind === "chat" && (dialect.canStream?.(endpoint) ?? true) ? openChatStream(onDelta) : null,
    send: (call) => {
      const { path, body } = convertRequest(call, dialect.maxTokensName(call.endpoint))
      return postJson(call, { client: clientFor(call), path, body })
    },
    readRateLimits: readOpenaiRateLimits,
    readFailure: readOpenaiFailure,
    rules: dialect.rules,
    convertResponse: (call, body) => convertResponse(call, body, pool.redirecting),
  }
}
