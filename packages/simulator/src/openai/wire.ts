import { decodeSegment } from "../wire/decode-segment.ts"
import { bearerToken, checkKey } from "../wire/keys.ts"
import { accepted, type Checked, refused } from "../wire/refusal.ts"
import type { Operation, RequestTarget, Wire } from "../wire/wire.ts"
import { createChatOperation } from "./chat-operation.ts"
import { createEmbeddingsOperation } from "./embeddings-operation.ts"
import { openaiErrorReply } from "./errors.ts"
import { openaiHeaders } from "./headers.ts"
import { createImagesOperation } from "./images-operation.ts"
import { createModelsOperation } from "./models-operation.ts"

const MODEL_PATH = /^\/v1\/models\/([^/]+)$/

const operations: Readonly<Record<string, Operation>> = {
  "POST /v1/chat/completions": createChatOperation({ pathModel: null, filterReport: null, onFilteredPrompt: "finish" }),
  "POST /v1/embeddings": createEmbeddingsOperation({ pathModel: null }),
  "POST /v1/images/generations": createImagesOperation({ pathModel: null }),
  "GET /v1/models": createModelsOperation({ only: null }),
}

/** The protocol of OpenAI and of the many that speak it. */
export const openaiWire: Wire = {
  name: "openai",
  route,
  authenticate: (headers, apiKeys) => checkKey(bearerToken(headers), apiKeys),
  refuse: openaiErrorReply,
  errorEvent: (refusal) => `data: ${JSON.stringify(openaiErrorReply(refusal).body)}\n\n`,
  headers: openaiHeaders,
}

function route({ method, path }: RequestTarget): Checked<Operation> {
  const operation = operations[`${method} ${path}`]
  if (operation !== undefined) return accepted(operation)
  const [, only] = method === "GET" ? (MODEL_PATH.exec(path) ?? []) : []
  return only === undefined
    ? refused({ reason: "unknown_path", method, path })
    : accepted(createModelsOperation({ only: decodeSegment(only) }))
}
