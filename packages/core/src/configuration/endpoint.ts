import { z } from "zod"
import { checkedJson, checkedJsonObject, milliseconds, name } from "../contract/scalars.ts"
import { batching } from "./batching.ts"
import { credentialRef } from "./credential-ref.ts"
import { breaker } from "./policies.ts"

export const providerNames = ["openai", "azure-openai", "anthropic", "http"] as const
export type ProviderName = (typeof providerNames)[number]

/** For a whole call, where neither the endpoint nor `defaults` says otherwise. */
export const defaultTimeoutMs = 120_000

/** Whose key is sent: the one of `apiKey`, the tenant's own, or the tenant's own where there is one and else that of `apiKey`. */
export const credentialSources = ["platform", "tenant", "tenant-then-platform"] as const

const perMinute = z.int().positive()
const usd = z.number().nonnegative()

const limits = z.strictObject({
  requestsPerMinute: perMinute.optional().describe("Calls that may start in a minute, over all workers."),
  tokensPerMinute: perMinute.optional().describe("Input and output together."),
  concurrency: z.int().positive().optional().describe("Calls under way at a time, over all workers."),
})

export const capabilities = ["vision", "tools", "json_schema"] as const

const params = z
  .strictObject({
    defaults: checkedJsonObject.optional().describe("Set where the request does not have them."),
    rename: z.record(z.string(), z.string()).optional().describe("The name that Sluice writes, and the one that this provider knows."),
    drop: z.array(z.string()).optional().describe("Names that this provider refuses."),
  })
  .describe("Adjusts the request body that the adapter made, by top-level names of the provider's own wire.")
  .meta({ examples: [{ rename: { max_tokens: "max_completion_tokens" } }] })

const pointer = z.string().startsWith("/")

const http = z
  .strictObject({
    method: z.enum(["POST", "PUT", "GET"]).default("POST").describe("Of the request."),
    path: z.string().default("").describe("Appended to `baseUrl`."),
    body: checkedJson.optional().describe("JSON with `{{input.…}}` and `{{model}}` placeholders. Left out: the job's input as it is."),
    response: z
      .strictObject({
        output: pointer.optional().describe("Left out: the whole answer."),
        model: pointer.optional().describe("Left out: the endpoint's `model`."),
        inputTokens: pointer.optional().describe("Left out: estimated."),
        outputTokens: pointer.optional().describe("Left out: estimated."),
      })
      .optional()
      .describe("JSON Pointers into the answer."),
  })
  .describe("For `provider: http`: how the request is made from the job, and where the answer's parts are.")
export type HttpTemplate = z.infer<typeof http>

const price = z
  .strictObject({
    inputPerMillionUsd: usd.optional().describe("Of input tokens."),
    cachedInputPerMillionUsd: usd.optional().describe("For input that the provider served from its prompt cache. Default: as other input."),
    outputPerMillionUsd: usd.optional().describe("Of output tokens."),
    perImageUsd: usd.optional().describe("For each image that was made."),
    perCallUsd: usd.optional().describe("For each call, whatever it was."),
  })
  .describe("So that results say what they cost. Left out: costs are unknown, and said to be estimates.")
export type Price = z.infer<typeof price>

/** One place where a model can be asked. Only `provider`, `baseUrl` and `model` are required. */
export const endpointConfig = z.strictObject({
  provider: z
    .enum(providerNames)
    .describe("Whose wire it speaks. `openai` is also for all that are compatible; `http` for any JSON over HTTP, see `http`."),
  baseUrl: z
    .url({ protocol: /^https?$/, error: "Expected an http(s) URL, such as https://api.openai.com/v1." })
    .meta({ description: "Without the path of the call.", examples: ["https://api.openai.com/v1"] }),
  model: z.string().min(1).max(256).describe("As the provider names it; for Azure OpenAI the deployment."),
  apiKey: credentialRef.optional(),
  credential: z
    .enum(credentialSources)
    .optional()
    .describe("Whose key is sent: that of `apiKey` (`platform`, the default), the tenant's own, or the tenant's own where there is one."),
  region: z.string().min(1).max(64).optional().describe("Told in results; yours to name."),
  headers: z.record(z.string(), z.string()).optional().describe("Added to each request. Secrets do not belong here: see `apiKey`."),
  apiVersion: z.string().optional().describe("Azure OpenAI only."),
  http: http.optional(),
  limits: z
    .union([z.literal("off"), limits])
    .optional()
    .describe("What the provider allows. Left out: learned from what it reports. `off`: calls are not held back at all."),
  limitGroup: name
    .optional()
    .describe("Endpoints of one limit group share one allowance. Default: provider, base URL, credential and model together."),
  priority: z.int().nonnegative().optional().describe("Lower is used first: reserved capacity before pay-as-you-go. Default 0."),
  weight: z.number().positive().max(1_000).optional().describe("Its share of the calls among endpoints of the same priority. Default 1."),
  timeoutMs: milliseconds.optional().describe(`For the whole call. Default ${defaultTimeoutMs}.`),
  firstChunkMs: milliseconds.optional().describe("Until the first byte of the answer. Default: `timeoutMs`."),
  idleMs: milliseconds.optional().describe("Between two pieces of the answer. Default 30000."),
  streaming: z
    .enum(["auto", "always", "off"])
    .optional()
    .describe("Whether chats are asked for as streams. Default `auto`: all but jobs of class `bulk` that nobody watches."),
  capabilities: z.array(z.enum(capabilities)).optional().describe("What it can do. Left out: everything that its provider's wire has."),
  contextTokens: z.int().positive().optional().describe("Inputs that are longer are not sent there."),
  params: params.optional(),
  price: price.optional(),
  breaker: breaker.optional(),
  batching: batching.optional(),
})
export type EndpointConfig = z.infer<typeof endpointConfig>
