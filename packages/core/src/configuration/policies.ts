import { z } from "zod"
import { milliseconds } from "../contract/scalars.ts"
import { providerErrorTypes } from "../errors/error-type.ts"

const share = z.number().gt(0).max(1)
const off = z.literal("off")
const calls = z.int().positive()

/** When an endpoint counts as broken, and how it comes back. What is left out keeps its default. */
export const breakerSettings = z.strictObject({
  windowMs: milliseconds.optional().describe("The time over which calls are counted. Default 30000."),
  minimumCalls: calls.optional().describe("Below so many calls in the window the rates say nothing. Default 20."),
  failureRate: share.optional().describe("The share of failed calls from which on the breaker opens. Default 0.5."),
  slowCallMs: milliseconds.optional().describe("A call that takes longer counts as slow. Default: 80 % of `timeoutMs`."),
  slowCallRate: share.optional().describe("The share of slow calls from which on the breaker opens. Default 0.8."),
  thinFailures: calls.optional().describe("With little traffic: so many failures open it, if they are half of the calls. Default 3."),
  thinWindowMs: milliseconds.optional().describe("The time over which `thinFailures` are counted. Default 60000."),
  openMs: milliseconds.optional().describe("How long no calls are made before it is tried again. Default 15000; doubles with each trip."),
  maxOpenMs: milliseconds.optional().describe("The longest that doubling makes of `openMs`. Default 120000."),
  probes: calls.optional().describe("Calls that are let through then, all of which must succeed. Default 3."),
})
export const breaker = z.union([off, breakerSettings]).describe("When an endpoint counts as broken, and how it comes back. `off`: never.")

const retryRule = z.strictObject({
  retries: z.int().nonnegative().max(100).optional().describe("Retries after the first call."),
  delayMs: milliseconds.optional().describe("Before the first retry, unless the provider asks for more."),
  factor: z.number().min(1).max(10).optional().describe("How much longer each further wait is."),
  maxDelayMs: milliseconds.optional().describe("The longest wait."),
})
export type RetryRuleConfig = z.infer<typeof retryRule>

export const retry = z
  .union([off, z.partialRecord(z.enum(providerErrorTypes), retryRule)])
  .describe("Retries for each class of error, over the defaults. `off`: a job ends at its first failure.")
  .meta({ examples: [{ overloaded: { retries: 4, delayMs: 2_000, factor: 1.5, maxDelayMs: 30_000 } }] })
export type RetryConfig = z.infer<typeof retry>
