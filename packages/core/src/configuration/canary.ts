import { z } from "zod"
import { parseWork, type Work } from "../contract/input.ts"
import type { Kind } from "../contract/kind.ts"
import { checkedJson, checkedJsonObject, isObject, type Json, milliseconds } from "../contract/scalars.ts"

export const defaultCanaryEveryMs = 300_000

const pattern = z.string().refine(isPattern, "This is no regular expression of JavaScript.")

const canaryExpect = z
  .strictObject({
    contains: z.string().min(1).optional().describe("The answer's text has this in it, in upper or lower case."),
    matches: pattern.optional().describe("A regular expression that the answer's text matches somewhere."),
    minLength: z.int().positive().optional().describe("Characters that the answer's text has at least."),
    schema: checkedJsonObject.optional().describe("A JSON Schema: of a chat's answer read as JSON, of the output of other kinds as it is."),
  })
  .describe("What a good answer is. Left out: any answer with something in it.")
export type CanaryExpectation = z.infer<typeof canaryExpect>

/** The settings; whatever else stands there is the input. */
const settings = {
  input: checkedJson
    .optional()
    .describe("The input, where its own keys do not stand here: needed for `kind: custom` where they would be mistaken."),
  expect: canaryExpect.optional(),
  maxLatencyMs: milliseconds.max(600_000).optional().describe("An answer that takes longer counts as slow. Default: none does."),
  everyMs: z
    .union([z.literal("off"), milliseconds.min(1_000)])
    .default(defaultCanaryEveryMs)
    .describe("How often each endpoint of the route is asked, by one worker; these calls are paid for. `off`: only by drills and probes."),
}

export const canaryConfig = z
  .object(settings)
  .catchall(checkedJson)
  .meta({
    description: "A small input with which the route is tested, and what is expected of the answer.",
    examples: [{ messages: [{ role: "user", content: "Say ok" }], expect: { contains: "ok" }, maxLatencyMs: 5_000 }],
  })
export type CanaryConfig = z.infer<typeof canaryConfig>

export interface Canary {
  readonly input: Json
  readonly expect: CanaryExpectation
  readonly maxLatencyMs: number | null
  /** Null: it is not asked by itself. */
  readonly everyMs: number | null
}

interface WithCanary {
  readonly canary?: CanaryConfig | undefined
}

/** A route's canary; null: it has none. */
export function canaryOf({ canary }: WithCanary): Canary | null {
  if (canary === undefined) return null
  const { expect = {}, maxLatencyMs = null, everyMs } = canary
  return { input: inputOfCanary(canary), expect, maxLatencyMs, everyMs: everyMs === "off" ? null : everyMs }
}

/** The input as a job of the route has it. */
export function canaryWorkOf({ kind, canary }: WithCanary & { readonly kind: Kind }): Work | null {
  return canary === undefined ? null : parseWork(kind, inputOfCanary(canary))
}

/** What stands under `input`, else all that is no setting. */
export function inputOfCanary(canary: unknown): Json {
  const { input, ...rest } = isObject(canary) ? canary : {}
  const isSetting = (key: string) => Object.hasOwn(settings, key)
  const own = Object.fromEntries(Object.entries(rest).filter(([key]) => !isSetting(key)))
  return checkedJson.parse(input === undefined ? own : input)
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, "u")
    return true
  } catch {
    return false
  }
}
