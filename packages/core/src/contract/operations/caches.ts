import { invalidateCacheRequest, invalidationReport, seedCacheQuery, seedCacheRequest, seedReport } from "../cache.ts"
import { json as jsonValue } from "../scalars.ts"
import { exampleChatInput, succeededJob } from "./example-job.ts"
import { exampleIds } from "./examples.ts"
import { json, type Operation } from "./operation.ts"

const tag = "operate"
const item = { route: "chat", input: exampleChatInput, output: succeededJob.output }

const seedCache: Operation = {
  id: "seedCache",
  method: "post",
  path: "/v1/cache/seed",
  tag,
  summary: "Store answers that were written down",
  description:
    "Items that are wrong are left out and told of; the others are stored. JSON has at most 8 MiB and 10,000 items. NDJSON, one item a line, is read as it comes, 8 MiB a line, without compression; there `keepMs` stands in the query.",
  scope: "jobs:write",
  query: seedCacheQuery,
  body: {
    content: {
      ...json(seedCacheRequest, { one: { items: [item], keepMs: 604_800_000 } }),
      "application/x-ndjson": { schema: jsonValue, examples: { line: item } },
    },
  },
  answers: {
    200: {
      description: "What became of the items.",
      content: json(seedReport, {
        all: { object: "cache_seed", stored: 1, failed: 0, errors: [] },
        some: { object: "cache_seed", stored: 1, failed: 1, errors: [{ line: 2, detail: "There is no route faqs." }] },
      }),
    },
  },
}

const invalidateCache: Operation = {
  id: "invalidateCache",
  method: "post",
  path: "/v1/cache/invalidate",
  tag,
  summary: "Drop kept answers",
  description:
    "All that a job left; or of a route everything, the answer to one input, those under one `cacheKey`, or those stored before a time.",
  scope: "jobs:write",
  body: {
    content: json(invalidateCacheRequest, {
      job: { jobId: exampleIds.job },
      route: { route: "chat" },
      input: { route: "chat", input: exampleChatInput },
      older: { route: "chat", olderThan: "2026-11-20T00:00:00.000Z" },
    }),
  },
  answers: {
    200: {
      description: "How many were dropped.",
      content: json(invalidationReport, { dropped: { object: "cache_invalidation", removed: 12 } }),
    },
  },
  problems: ["route_unknown"],
}

export const cacheOperations = [seedCache, invalidateCache]
