import { createChatOperation } from "../openai/chat-operation.ts"
import { createEmbeddingsOperation } from "../openai/embeddings-operation.ts"
import { createImagesOperation } from "../openai/images-operation.ts"
import { createModelsOperation } from "../openai/models-operation.ts"
import { decodeSegment } from "../wire/decode-segment.ts"
import { bearerToken, checkKey, singleHeader } from "../wire/keys.ts"
import { accepted, type Checked, refused } from "../wire/refusal.ts"
import type { Operation, RequestTarget, Wire } from "../wire/wire.ts"
import { AZURE_FILTER_REPORT } from "./content-filter.ts"
import { azureErrorReply } from "./errors.ts"
import { azureHeaders } from "./headers.ts"

/** A deployment's path, which needs an api-version. */
const DEPLOYMENT_PATH = /^\/openai\/deployments\/([^/]+)\/(.+)$/
/** The path without deployments, which needs none. */
const V1_PATH = /^\/openai\/v1\/(.+)$/
const API_VERSION = /[?&]api-version=[^&]+/

/** The protocol of Azure OpenAI: OpenAI's bodies under other paths, keys, errors and headers. */
export const azureOpenaiWire: Wire = {
  name: "azure-openai",
  route,
  authenticate: (headers, apiKeys) => checkKey(singleHeader(headers, "api-key") ?? bearerToken(headers), apiKeys),
  refuse: azureErrorReply,
  errorEvent: (refusal) => `data: ${JSON.stringify(azureErrorReply(refusal).body)}\n\n`,
  headers: azureHeaders,
}

function route(target: RequestTarget): Checked<Operation> {
  const operation = findOperation(target)
  return operation === null ? refused({ reason: "unknown_path", method: target.method, path: target.path }) : accepted(operation)
}

function findOperation({ method, path, search }: RequestTarget): Operation | null {
  const [, tail] = V1_PATH.exec(path) ?? []
  if (tail !== undefined) return operationFor(method, tail, null)
  const [, deployment, operation] = DEPLOYMENT_PATH.exec(path) ?? []
  if (deployment === undefined || operation === undefined || !API_VERSION.test(search)) return null
  return operationFor(method, operation, decodeSegment(deployment))
}

function operationFor(method: string, operation: string, pathModel: string | null): Operation | null {
  switch (`${method} ${operation}`) {
    case "POST chat/completions":
      return createChatOperation({ pathModel, filterReport: AZURE_FILTER_REPORT, onFilteredPrompt: "refuse" })
    case "POST embeddings":
      return createEmbeddingsOperation({ pathModel })
    case "POST images/generations":
      return createImagesOperation({ pathModel })
    case "GET models":
      return pathModel === null ? createModelsOperation({ only: null }) : null
    default:
      return null
  }
}
