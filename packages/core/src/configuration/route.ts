import { z } from "zod"
import { kind } from "../contract/kind.ts"
import { json, jsonObject, milliseconds, name } from "../contract/scalars.ts"
import { fallback } from "../contract/submit.ts"
import { retry } from "./policies.ts"

const endpoints = z.array(name).min(1)

/** Tiers are tried in the order in which they stand. Each name has its quality; see the wire contract. */
export const tierConfig = z.discriminatedUnion("name", [
  z.strictObject({ name: z.literal("primary"), endpoints }),
  z.strictObject({ name: z.literal("fallback"), endpoints }),
  z.strictObject({ name: z.literal("rules"), rule: z.string().min(1), options: jsonObject.optional() }),
  z.strictObject({ name: z.literal("cache") }),
  /** `tasks` overrides `output` for jobs of that task. */
  z.strictObject({ name: z.literal("static"), output: json, tasks: z.record(name, json).optional() }),
])
export type TierConfig = z.infer<typeof tierConfig>

const cache = z.strictObject({
  exact: z.strictObject({ ttlMs: milliseconds }).optional(),
  similar: z.strictObject({ threshold: z.number().gt(0).max(1), embedding: name.optional(), direct: z.boolean().optional() }).optional(),
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
  canary: json.optional(),
  degradeAfterMs: z.int().nonnegative().optional(),
  /** Degrade also when a provider is merely busy. */
  degradeOnSaturation: z.boolean().optional(),
  /** Who may answer when a caller does not say. */
  fallback: fallback.optional(),
  retry: retry.optional(),
  failover: z.literal("off").optional(),
  structuredOutput: z.strictObject({ repairs: z.int().nonnegative().max(3) }).optional(),
  cache: cache.optional(),
  limits: inputLimits.optional(),
})
export type RouteConfig = z.infer<typeof routeConfig>
