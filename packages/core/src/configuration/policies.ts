import { z } from "zod"
import { milliseconds } from "../contract/scalars.ts"
import { providerErrorTypes } from "../errors/error-type.ts"

const share = z.number().gt(0).max(1)
const off = z.literal("off")

/** When an endpoint counts as broken, and how it comes back. What is left out keeps its default. */
export const breakerSettings = z.strictObject({
  windowMs: milliseconds.optional(),
  minimumCalls: z.int().positive().optional(),
  failureRate: share.optional(),
  slowCallMs: milliseconds.optional(),
  slowCallRate: share.optional(),
  thinFailures: z.int().positive().optional(),
  thinWindowMs: milliseconds.optional(),
  openMs: milliseconds.optional(),
  maxOpenMs: milliseconds.optional(),
  probes: z.int().positive().optional(),
})
export const breaker = z.union([off, breakerSettings])

const retryRule = z.strictObject({
  /** Retries after the first call. */
  retries: z.int().nonnegative().max(100).optional(),
  delayMs: milliseconds.optional(),
  factor: z.number().min(1).max(10).optional(),
  maxDelayMs: milliseconds.optional(),
})
export type RetryRuleConfig = z.infer<typeof retryRule>

/** Per class of error, over the defaults; `off` ends a job at its first failure. */
export const retry = z.union([off, z.partialRecord(z.enum(providerErrorTypes), retryRule)])
export type RetryConfig = z.infer<typeof retry>
