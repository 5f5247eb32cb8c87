import {
  configuration,
  type JobOptions,
  type Provenance,
  type QueuedJob,
  type ResultCache,
  type RouteConfig,
  type Work,
} from "@sluice/core"
import { createMemoryResultCache, sampleJob, sampleResult } from "@sluice/core/testing"
import { createSchemaCache } from "../../structure/schema-cache.ts"
import { createAnswerCache } from "../answer-cache.ts"
import type { CacheFailure } from "../answer-cache-context.ts"
import { createSimilarities, type SimilarityOf } from "../similarity/similarities.ts"

type ChatWork = Extract<Work, { kind: "chat" }>
type ChatInput = ChatWork["input"]

export const noSignal = new AbortController().signal

/** A route `chat` that keeps exact answers for a minute, unless told otherwise. */
export function routeOf(config: object = { cache: { exact: { ttlMs: 60_000 } } }): RouteConfig {
  const endpoints = { a: { provider: "openai", baseUrl: "http://127.0.0.1:1/v1", model: "m" } }
  const routes = { chat: { tiers: [{ name: "primary", endpoints: ["a"] }], ...config } }
  const { chat } = configuration.parse({ endpoints, routes }).routes
  if (!chat) throw new Error("The route is gone")
  return chat
}

export function chatWork(content: string, input: Partial<ChatInput> = {}): ChatWork {
  return { kind: "chat", input: { messages: [{ role: "user", content }], ...input } }
}

export interface JobParts extends Partial<Omit<QueuedJob, "options">> {
  readonly options?: Partial<JobOptions>
}

export function jobOf({ options, ...overrides }: JobParts = {}): QueuedJob {
  const job = sampleJob(overrides)
  return { ...job, options: { ...job.options, ...options } }
}

export function provenanceOf(overrides: Partial<Provenance> = {}): Provenance {
  return { ...sampleResult().provenance, ...overrides }
}

export const chatOutput = (text: string, overrides: object = {}) => ({
  kind: "chat" as const,
  output: { text, json: null, toolCalls: [], finishReason: "stop" as const, ...overrides },
})

export interface CacheHarnessOptions {
  readonly cache?: ResultCache
  readonly route?: RouteConfig
  readonly similarityOf?: SimilarityOf
}

/** An answer cache over entries in memory, with a clock that stands still until it is moved. */
export function createCacheHarness({ cache = createMemoryResultCache(), route = routeOf(), similarityOf }: CacheHarnessOptions = {}) {
  let now = new Date("2100-01-01T00:00:00.000Z")
  const failures: CacheFailure[] = []
  const embedderOf = () => {
    throw new Error("No route of this test embeds")
  }
  const answers = createAnswerCache({
    cache,
    clock: () => now,
    schemas: createSchemaCache(),
    similarityOf: similarityOf ?? createSimilarities({ embedderOf }),
    onFailure: (failure) => failures.push(failure),
  })
  return {
    cache,
    answers,
    failures,
    clock: () => now,
    advance(ms: number) {
      now = new Date(now.getTime() + ms)
    },
    remember: (job: QueuedJob, text = "ok", provenance: Partial<Provenance> = {}) =>
      answers.remember({ job, route, generated: chatOutput(text), provenance: provenanceOf(provenance), signal: noSignal }),
    lookup: (job: QueuedJob, on = route) => answers.lookup({ job, route: on, signal: noSignal }),
    lastGood: (job: QueuedJob, on = route) => answers.lastGood({ job, route: on, signal: noSignal }),
  }
}
