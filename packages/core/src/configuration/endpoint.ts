import { z } from "zod"
import { checkedJson, checkedJsonObject, milliseconds, name } from "../contract/scalars.ts"
import { batching } from "./batching.ts"
import { credentialRef } from "./credential-ref.ts"
import { breaker } from "./policies.ts"

export const providerNames = ["openai", "azure-openai", "anthropic", "http"] as const
export type ProviderName = (typeof providerNames)[number]

/** For a whole call, where neither the endpoint nor `defaults` says otherwise. */
export const defaultTimeoutMs = 120_000

const perMinute = z.int().positive()
const usd = z.number().nonnegative()

const limits = z.strictObject({
  requestsPerMinute: perMinute.optional(),
  tokensPerMinute: perMinute.optional(),
  concurrency: z.int().positive().optional(),
})

export const capabilities = ["vision", "tools", "json_schema"] as const

/** Adjusts the request body that the adapter made, by top-level names of the provider's own wire. */
const params = z.strictObject({
  /** Set where the request does not have them. */
  defaults: checkedJsonObject.optional(),
  rename: z.record(z.string(), z.string()).optional(),
  drop: z.array(z.string()).optional(),
})

/** For `provider: http`: how the request is made from the job, and where the answer's parts are. */
const http = z.strictObject({
  method: z.enum(["POST", "PUT", "GET"]).default("POST"),
  path: z.string().default(""),
  /** JSON with `{{input.…}}`, `{{model}}` placeholders; left out: the job's input as it is. */
  body: checkedJson.optional(),
  /** JSON Pointers into the answer. */
  response: z
    .strictObject({
      output: z.string().startsWith("/").optional(),
      model: z.string().startsWith("/").optional(),
      inputTokens: z.string().startsWith("/").optional(),
      outputTokens: z.string().startsWith("/").optional(),
    })
    .optional(),
})
export type HttpTemplate = z.infer<typeof http>

const price = z.strictObject({
  inputPerMillionUsd: usd.optional(),
  cachedInputPerMillionUsd: usd.optional(),
  outputPerMillionUsd: usd.optional(),
  perImageUsd: usd.optional(),
  perCallUsd: usd.optional(),
})
export type Price = z.infer<typeof price>

/** One place where a model can be asked. Only `provider`, `baseUrl` and `model` are required. */
export const endpointConfig = z.strictObject({
  provider: z.enum(providerNames),
  baseUrl: z.url({ protocol: /^https?$/, error: "Expected an http(s) URL" }),
  model: z.string().min(1).max(256),
  apiKey: credentialRef.optional(),
  region: z.string().min(1).max(64).optional(),
  /** Added to each request. Secrets do not belong here: see `apiKey`. */
  headers: z.record(z.string(), z.string()).optional(),
  /** Azure OpenAI only. */
  apiVersion: z.string().optional(),
  http: http.optional(),
  /** Left out: learned from what the provider reports. `off`: calls are not held back at all. */
  limits: z.union([z.literal("off"), limits]).optional(),
  /** Endpoints of one limit group share one allowance. Default: provider + base URL + credential + model. */
  limitGroup: name.optional(),
  /** Lower is used first: reserved capacity before pay-as-you-go. */
  priority: z.int().nonnegative().optional(),
  weight: z.number().positive().max(1_000).optional(),
  /** For the whole call. Default `defaultTimeoutMs`. */
  timeoutMs: milliseconds.optional(),
  /** Until the first byte of the answer. Default: `timeoutMs`. */
  firstChunkMs: milliseconds.optional(),
  /** Between two pieces of the answer. Default 30 s. */
  idleMs: milliseconds.optional(),
  /** Whether chats are asked for as streams. Default `auto`: those of class `bulk` only when somebody watches the job. */
  streaming: z.enum(["auto", "always", "off"]).optional(),
  /** What it can do. Left out: everything that its provider's wire has. */
  capabilities: z.array(z.enum(capabilities)).optional(),
  contextTokens: z.int().positive().optional(),
  params: params.optional(),
  price: price.optional(),
  breaker: breaker.optional(),
  /** Of embedding jobs into one call; see `batchBoundsOf`. `off`: each job has its own call. */
  batching: batching.optional(),
})
export type EndpointConfig = z.infer<typeof endpointConfig>
