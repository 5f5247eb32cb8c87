import { z } from "zod"
import { type OutcomeKind, outcomeDescriptions } from "../faults/outcome.ts"
import { totalRate } from "../faults/schedule.ts"
import { type ProfileName, profiles } from "./profiles.ts"

/** A day: longer waits are a mistake, and timers of more than 24 days fire at once. */
const MAX_WAIT_MS = 86_400_000
const waitMs = z.number().min(0).max(MAX_WAIT_MS)
const count = z.int().min(1)
const perMinute = z.number().positive().nullable()

const outcomeKind = z.enum<Record<OutcomeKind, OutcomeKind>>(sameNames(outcomeDescriptions))
const profileName = z.enum<Record<ProfileName, ProfileName>>(sameNames(profiles))

const rates = z
  .partialRecord(outcomeKind, z.number().min(0).max(1))
  .refine((given) => totalRate(given) <= 1 + 1e-9, { error: "the rates add up to more than 1" })

const scriptStep = z.strictObject({
  outcome: outcomeKind,
  times: count.default(1),
  retryAfterMs: waitMs.nullable().exactOptional(),
  slowMs: waitMs.exactOptional(),
  refuseMs: waitMs.exactOptional(),
})

/** A bare name stands for one call with that outcome. */
const script = z.array(z.union([outcomeKind.transform((outcome) => ({ outcome, times: 1 })), scriptStep]))

/** A change to the settings: what is left out stays as it is. Lists and `faults.rates` are replaced as a whole. */
export const settingsPatchSchema = z
  .strictObject({
    profile: profileName,
    seed: z.int().min(0).max(0xffff_ffff),
    apiKeys: z.array(z.string().min(1)).min(1).nullable(),
    models: z.array(z.string().min(1)).min(1).nullable(),
    contextTokens: count.nullable(),
    contentFilterWords: z.array(z.string().min(1)),
    latency: z
      .strictObject({ baseMs: waitMs, jitterMs: waitMs, perOutputTokenMs: waitMs, firstChunkMs: waitMs.nullable(), chunkMs: waitMs })
      .exactPartial(),
    limits: z
      .strictObject({
        requestsPerMinute: perMinute,
        tokensPerMinute: perMinute,
        burstMs: z.number().positive().max(MAX_WAIT_MS),
        scope: z.enum(["key-and-model", "all"]),
      })
      .exactPartial(),
    faults: z.strictObject({ rates, retryAfterMs: waitMs, slowMs: waitMs, refuseMs: waitMs }).exactPartial(),
    answers: z
      .strictObject({
        style: z.enum(["echo", "summary"]),
        text: z.string().nullable(),
        outputTokens: count.max(100_000).nullable(),
        embeddingDimensions: count.max(4096),
        chunkCharacters: count,
      })
      .exactPartial(),
    log: z.strictObject({ capacity: z.int().min(0).max(1_000_000), bodies: z.boolean() }).exactPartial(),
    outage: z.strictObject({ mode: z.enum(["unavailable", "refuse"]), durationMs: waitMs.nullable() }).nullable(),
    script,
  })
  .exactPartial()

/** What `configure` and `POST /__control` take. */
export type SettingsPatch = z.input<typeof settingsPatchSchema>
export type ParsedSettingsPatch = z.output<typeof settingsPatchSchema>

function sameNames<Name extends string>(names: Readonly<Record<Name, unknown>>): Record<Name, Name>
function sameNames(names: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.keys(names).map((name) => [name, name]))
}
