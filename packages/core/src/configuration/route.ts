import { z } from "zod"
import { kind } from "../contract/kind.ts"
import { checkedJson, checkedJsonObject, milliseconds, name } from "../contract/scalars.ts"
import { fallback } from "../contract/submit.ts"
import { retry } from "./policies.ts"

const endpoints = z.array(name).min(1)

/** One of the engine's rules by name; what `options` may hold is up to it. */
const rule = z.strictObject({ rule: z.string().min(1), options: checkedJsonObject.optional() })

/** Tiers are tried in the order in which they stand. Each name has its quality; see the wire contract. */
export const tierConfig = z.discriminatedUnion("name", [
  z.strictObject({ name: z.literal("primary"), endpoints }),
  z.strictObject({ name: z.literal("fallback"), endpoints }),
  /** `tasks` overrides `rule` and `options` for jobs of that task. */
  z.strictObject({ name: z.literal("rules"), ...rule.shape, tasks: z.record(name, rule).optional() }),
  z.strictObject({ name: z.literal("cache") }),
  /** `tasks` overrides `output` for jobs of that task. */
  z.strictObject({ name: z.literal("static"), output: checkedJson, tasks: z.record(name, checkedJson).optional() }),
])
export type TierConfig = z.infer<typeof tierConfig>

const exactCache = z.strictObject({
  /** How long an answer stands for a call. It is kept for longer, for the `cache` tier. */
  ttlMs: milliseconds,
})

const similarCache = z.strictObject({
  /** The cosine from which on two prompts count as alike; 1 is the same text. */
  threshold: z.number().gt(0).max(1),
  /** An endpoint that embeds the prompts. Left out: they are compared by their words and letters. */
  embedding: name.optional(),
  /** Answers similar prompts without a call, as long as `exact.ttlMs` says, and not only when nobody else can answer. */
  direct: z.boolean().optional(),
})

const cache = z
  .strictObject({ exact: exactCache.optional(), similar: similarCache.optional() })
  .refine(({ exact, similar }) => !similar?.direct || exact !== undefined, {
    path: ["similar", "direct"],
    error: "`direct` also needs `exact: { ttlMs }`, which says how long an answer may stand for a call",
  })

/** Bounds on what callers may ask of the route. */
const inputLimits = z.strictObject({
  maxInputTokens: z.int().positive().optional(),
  maxOutputTokens: z.int().positive().optional(),
})

export const routeConfig = z.strictObject({
  kind: kind.default("chat"),
  tiers: z
    .array(tierConfig)
    .min(1)
    .refine((tiers) => tiers[0]?.name === "primary", "The first tier must be `primary`")
    .refine((tiers) => new Set(tiers.map((tier) => tier.name)).size === tiers.length, "Each tier may stand only once"),
  /** A small input with which the route is tested. */
  canary: checkedJson.optional(),
  degradeAfterMs: z.int().nonnegative().optional(),
  /** Degrade also when a provider is merely busy. */
  degradeOnSaturation: z.boolean().optional(),
  /** Who may answer when a caller does not say. */
  fallback: fallback.optional(),
  retry: retry.optional(),
  failover: z.literal("off").optional(),
  /** Embedding jobs that wait together go out as one call, unless this or an endpoint says `off`. */
  batching: z.literal("off").optional(),
  structuredOutput: z.strictObject({ repairs: z.int().nonnegative().max(3) }).optional(),
  cache: cache.optional(),
  limits: inputLimits.optional(),
})
export type RouteConfig = z.infer<typeof routeConfig>
