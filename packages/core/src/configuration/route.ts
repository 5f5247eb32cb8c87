import { z } from "zod"
import { kind } from "../contract/kind.ts"
import { checkedJson, checkedJsonObject, milliseconds, name } from "../contract/scalars.ts"
import { fallback } from "../contract/submit.ts"
import { canaryConfig } from "./canary.ts"
import { objectivesConfig } from "./objectives.ts"
import { retry } from "./policies.ts"

const endpoints = z.array(name).min(1).describe("Names of endpoints. Several share the load and stand in for each other.")

/** One of the engine's rules by name; what `options` may hold is up to it. */
const rule = z.strictObject({
  rule: z
    .string()
    .min(1)
    .meta({ description: "Which of the built-in rules answers.", examples: ["extractive-summary", "keyword-sentiment"] }),
  options: checkedJsonObject.optional().describe("For the rule."),
})

/** Tiers are tried in the order in which they stand. Each name has its quality; see the wire contract. */
export const tierConfig = z.discriminatedUnion("name", [
  z.strictObject({ name: z.literal("primary"), endpoints }).describe("The models that callers mean."),
  z.strictObject({ name: z.literal("fallback"), endpoints }).describe("Other models, when none of the primary tier can answer."),
  z
    .strictObject({
      name: z.literal("rules"),
      ...rule.shape,
      tasks: z.record(name, rule).optional().describe("In place of `rule` and `options`, for jobs of that `task`."),
    })
    .describe("Answers without a model. Only for callers who say `fallback: any`."),
  z
    .strictObject({ name: z.literal("cache") })
    .describe("The last good answer to the same or a similar request. Only for callers who say `fallback: any`."),
  z
    .strictObject({
      name: z.literal("static"),
      output: checkedJson.describe("What is answered, in the form of the route's kind."),
      tasks: z.record(name, checkedJson).optional().describe("In place of `output`, for jobs of that `task`."),
    })
    .describe("A fixed answer. Only for callers who say `fallback: any`."),
])
export type TierConfig = z.infer<typeof tierConfig>

const exactCache = z
  .strictObject({
    ttlMs: milliseconds.describe("How long an answer stands for a call. It is kept for longer, for the `cache` tier."),
  })
  .describe("The same request is answered again without a call.")

const similarCache = z
  .strictObject({
    threshold: z.number().gt(0).max(1).describe("The cosine from which on two prompts count as alike; 1 is the same text."),
    embedding: name.optional().describe("An endpoint that embeds the prompts. Left out: they are compared by their words and letters."),
    direct: z
      .boolean()
      .optional()
      .describe("Answer similar prompts without a call, as long as `exact.ttlMs` says, and not only when nobody else can. Default false."),
  })
  .describe("Similar requests may be answered by the `cache` tier.")

const cache = z
  .strictObject({ exact: exactCache.optional(), similar: similarCache.optional() })
  .refine(({ exact, similar }) => !similar?.direct || exact !== undefined, {
    path: ["similar", "direct"],
    error: "`direct` also needs `exact: { ttlMs }`, which says how long an answer may stand for a call.",
  })
  .describe("Which answers may serve again.")

export const routeConfig = z.strictObject({
  kind: kind.default("chat").describe("What the route's jobs ask for; it decides the form of their input and output."),
  tiers: z
    .array(tierConfig)
    .min(1)
    .refine((tiers) => tiers[0]?.name === "primary", "The first tier must be `primary`. Move it to the front, or name this one so.")
    .refine(
      (tiers) => new Set(tiers.map((tier) => tier.name)).size === tiers.length,
      "Each tier may stand only once. Give its endpoints to one of them.",
    )
    .describe("Who may answer, tried in this order. The first is `primary`."),
  canary: canaryConfig.optional(),
  degradeAfterMs: z
    .int()
    .nonnegative()
    .optional()
    .describe("How long a tier has to be unavailable before the next is asked, where a job does not say. Default 30000."),
  degradeOnSaturation: z.boolean().optional().describe("Ask the next tier also when a provider is merely busy. Default false."),
  fallback: fallback
    .optional()
    .describe("Who may answer when the primary tier cannot, where a caller does not say: nobody, any provider tier (default), or all."),
  retry: retry.optional(),
  failover: z.literal("off").optional().describe("`off`: a job stays with the endpoint that it began with."),
  batching: z
    .literal("off")
    .optional()
    .describe("Embedding jobs that wait together go out as one call, unless this or an endpoint says `off`."),
  structuredOutput: z
    .strictObject({
      repairs: z.int().nonnegative().max(3).describe("Calls to have an answer repaired that does not satisfy its JSON Schema. Default 1."),
    })
    .optional()
    .describe("For jobs that ask for JSON."),
  cache: cache.optional(),
  objectives: objectivesConfig.optional().describe("Where they differ from `objectives` of the installation."),
  retainMs: milliseconds
    .optional()
    .describe("How long its finished jobs are kept, unless a job says so. Default: the tenant's `retainMs`, else `retention`."),
})
export type RouteConfig = z.infer<typeof routeConfig>
