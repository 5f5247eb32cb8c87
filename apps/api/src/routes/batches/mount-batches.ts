import type { BatchJobs, BatchStore } from "@sluice/core"
import type { IRouter } from "express"
import { unlessNdjson } from "../../middleware/ndjson/unless-ndjson.ts"
import { requireScope } from "../../middleware/require-scope.ts"
import type { Guards } from "../mount-dead-letters.ts"
import { mount } from "../resource.ts"
import {
  addItemsHandler,
  type BatchHandlerDependencies,
  cancelBatchHandler,
  getBatchHandler,
  listBatchesHandler,
} from "./batch-handlers.ts"
import { type BatchResultsHandlerDependencies, batchResultsHandler } from "./batch-results.ts"
import { type CreateBatchHandlerDependencies, createBatchHandler } from "./create-batch.ts"

export interface BatchRoutesDependencies extends BatchHandlerDependencies, CreateBatchHandlerDependencies, BatchResultsHandlerDependencies {
  readonly batches: Pick<BatchStore, "find" | "list">
  readonly batchJobs: Pick<BatchJobs, "count">
}

const base = "/v1/batches"

/** Jobs that are submitted, followed and cancelled together. */
export function mountBatches(router: IRouter, dependencies: BatchRoutesDependencies, { authenticate, body }: Guards): void {
  const itemsBody = unlessNdjson(body)
  mount(router, {
    path: base,
    get: [authenticate, requireScope("jobs:read"), listBatchesHandler(dependencies)],
    post: [authenticate, requireScope("jobs:write"), itemsBody, createBatchHandler(dependencies)],
  })
  mount(router, { path: `${base}/:id`, get: [authenticate, requireScope("jobs:read"), getBatchHandler(dependencies)] })
  mount(router, { path: `${base}/:id/items`, post: [authenticate, requireScope("jobs:write"), itemsBody, addItemsHandler(dependencies)] })
  mount(router, { path: `${base}/:id/results`, get: [authenticate, requireScope("jobs:read"), batchResultsHandler(dependencies)] })
  mount(router, { path: `${base}/:id/cancel`, post: [authenticate, requireScope("jobs:write"), cancelBatchHandler(dependencies)] })
}
