import type { BatchStore, JobStore } from "@sluice/core"
import type { Express, RequestHandler } from "express"
import { optionalBody } from "../middleware/json-body/optional-body.ts"
import { requireScope } from "../middleware/require-scope.ts"
import { mount } from "../routes/resource.ts"
import {
  type BatchHandlerDependencies,
  cancelOpenaiBatchHandler,
  getOpenaiBatchHandler,
  listOpenaiBatchesHandler,
} from "./batches/batch-handlers.ts"
import { type CreateBatchDependencies, createOpenaiBatchHandler } from "./batches/create-batch.ts"
import { type ChatHandlerDependencies, createChatCompletionHandler, getChatCompletionHandler } from "./chat/chat-handlers.ts"
import { createEmbeddingHandler } from "./embeddings/embedding-handler.ts"
import { openaiErrorResponses } from "./errors/openai-error-responses.ts"
import { openaiNotFound } from "./errors/openai-not-found.ts"
import {
  createFileHandler,
  deleteFileHandler,
  type FileHandlerDependencies,
  getFileContentHandler,
  getFileHandler,
  listFilesHandler,
} from "./files/file-handlers.ts"
import { createImageHandler, type ImageHandlerDependencies } from "./images/image-handler.ts"
import { getModelHandler, listModelsHandler } from "./models/model-handlers.ts"
import { type DeleteResponseDependencies, deleteResponseHandler } from "./responses/delete-response.ts"
import { listInputItemsHandler } from "./responses/input-items-handler.ts"
import {
  cancelResponseHandler,
  createResponseHandler,
  getResponseHandler,
  type ResponseHandlerDependencies,
} from "./responses/response-handlers.ts"
import {
  createWebhookHandler,
  deleteWebhookHandler,
  getWebhookHandler,
  listWebhooksHandler,
  rotateWebhookSecretHandler,
  updateWebhookHandler,
  type WebhookHandlerDependencies,
} from "./webhooks/webhook-handlers.ts"

export interface OpenaiWireDependencies
  extends ChatHandlerDependencies,
    ImageHandlerDependencies,
    ResponseHandlerDependencies,
    DeleteResponseDependencies,
    FileHandlerDependencies,
    CreateBatchDependencies,
    BatchHandlerDependencies,
    WebhookHandlerDependencies {
  readonly batches: Pick<BatchStore, "find" | "list" | "close">
  readonly jobs: JobStore
}

export interface OpenaiWireGuards {
  readonly authenticate: RequestHandler
  /** Counts one job for the tenant's limits as well. */
  readonly authenticateJob: RequestHandler
  /** Reads a JSON body. */
  readonly body: RequestHandler
}

/** Everything on it looks as OpenAI's own API does, errors included. */
export const openaiBase = "/openai/v1"

/**
 * OpenAI's wire over the use cases of `/v1`, for clients that were made for OpenAI: what they ask for becomes a job like any other, and
 * nothing is executed differently. Each address asks for `jobs:read` to read and `jobs:write` to do.
 */
export function mountOpenaiWire(app: Express, dependencies: OpenaiWireDependencies, guards: OpenaiWireGuards): void {
  const { authenticate, authenticateJob, body } = guards
  const reads = (handler: RequestHandler) => [authenticate, requireScope("jobs:read"), handler]
  const writes = (handler: RequestHandler) => [authenticate, requireScope("jobs:write"), handler]
  const submits = (handler: RequestHandler) => [authenticateJob, requireScope("jobs:write"), body, handler]
  mount(app, { path: `${openaiBase}/models`, get: reads(listModelsHandler(dependencies)) })
  mount(app, { path: `${openaiBase}/models/:model`, get: reads(getModelHandler(dependencies)) })
  mount(app, { path: `${openaiBase}/chat/completions`, post: submits(createChatCompletionHandler(dependencies)) })
  mount(app, { path: `${openaiBase}/chat/completions/:id`, get: reads(getChatCompletionHandler(dependencies)) })
  mount(app, { path: `${openaiBase}/embeddings`, post: submits(createEmbeddingHandler(dependencies)) })
  mount(app, { path: `${openaiBase}/images/generations`, post: submits(createImageHandler(dependencies)) })
  mount(app, { path: `${openaiBase}/responses`, post: submits(createResponseHandler(dependencies)) })
  mount(app, {
    path: `${openaiBase}/responses/:id`,
    get: reads(getResponseHandler(dependencies)),
    delete: writes(deleteResponseHandler(dependencies)),
  })
  mount(app, { path: `${openaiBase}/responses/:id/input_items`, get: reads(listInputItemsHandler(dependencies)) })
  mount(app, { path: `${openaiBase}/responses/:id/cancel`, post: writes(cancelResponseHandler(dependencies)) })
  mountFiles(app, dependencies, guards)
  mountWebhooks(app, dependencies, guards)
  app.use(openaiBase, (request) => {
    const what = `${request.method} ${openaiBase}${request.path}`
    throw openaiNotFound(`${what} is not part of OpenAI's API here. docs/openai.md lists what is.`)
  })
  app.use(openaiBase, openaiErrorResponses())
}

function mountFiles(app: Express, dependencies: OpenaiWireDependencies, { authenticate, body }: OpenaiWireGuards): void {
  const reads = (handler: RequestHandler) => [authenticate, requireScope("jobs:read"), handler]
  const writes = (handler: RequestHandler) => [authenticate, requireScope("jobs:write"), handler]
  mount(app, {
    path: `${openaiBase}/files`,
    get: reads(listFilesHandler(dependencies)),
    post: writes(createFileHandler(dependencies)),
  })
  mount(app, {
    path: `${openaiBase}/files/:id`,
    get: reads(getFileHandler(dependencies)),
    delete: writes(deleteFileHandler(dependencies)),
  })
  mount(app, { path: `${openaiBase}/files/:id/content`, get: reads(getFileContentHandler(dependencies)) })
  mount(app, {
    path: `${openaiBase}/batches`,
    get: reads(listOpenaiBatchesHandler(dependencies)),
    post: [authenticate, requireScope("jobs:write"), body, createOpenaiBatchHandler(dependencies)],
  })
  mount(app, { path: `${openaiBase}/batches/:id`, get: reads(getOpenaiBatchHandler(dependencies)) })
  mount(app, { path: `${openaiBase}/batches/:id/cancel`, post: writes(cancelOpenaiBatchHandler(dependencies)) })
}

/** Whoever may only submit jobs may not choose where is told of them. */
function mountWebhooks(app: Express, dependencies: OpenaiWireDependencies, { authenticate, body }: OpenaiWireGuards): void {
  const base = `${openaiBase}/webhook_endpoints`
  const reads = (handler: RequestHandler) => [authenticate, requireScope("webhooks:read"), handler]
  const writes = (...handlers: RequestHandler[]) => [authenticate, requireScope("webhooks:write"), ...handlers]
  mount(app, { path: base, get: reads(listWebhooksHandler(dependencies)), post: writes(body, createWebhookHandler(dependencies)) })
  mount(app, {
    path: `${base}/:id`,
    get: reads(getWebhookHandler(dependencies)),
    post: writes(body, updateWebhookHandler(dependencies)),
    delete: writes(deleteWebhookHandler(dependencies)),
  })
  mount(app, { path: `${base}/:id/rotate_secret`, post: writes(optionalBody(body), rotateWebhookSecretHandler(dependencies)) })
}
