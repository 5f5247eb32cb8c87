import type { AttemptResource, JobResource } from "@sluice/core"
import { formatDuration } from "../format/duration.ts"

/** In sentences: what was asked for, who served it and why that one, what it took, and what it cost in vain. */
export function provenanceSentences(
  job: Pick<JobResource, "provenance" | "cost">,
  attempts: readonly AttemptResource[],
): readonly string[] {
  const { provenance } = job
  if (provenance === null) return []
  return [servedSentence(provenance), ...failureSentence(attempts), ...schemaSentence(provenance), ...wastedSentence(job)]
}

type Provenance = NonNullable<JobResource["provenance"]>

function servedSentence({ requested, served, cache, degraded, degradedReason, quality }: Provenance): string {
  const asked = `Asked for ${requested.model ?? `the ${requested.tier} tier`}`
  if (cache && !degraded) return `${asked}, answered from the ${cache.kind} cache with an answer ${formatDuration(cache.ageMs)} old.`
  const who = servedBy({ served, cache })
  if (!degraded) return `${asked}, served by ${who}.`
  const why = degradedReason === null ? "" : ` because ${inWords(degradedReason)}`
  return `${asked}, served by ${who}${why}. Quality: ${quality}.`
}

function servedBy({ served, cache }: Pick<Provenance, "served" | "cache">): string {
  if (cache) return `a kept answer, ${formatDuration(cache.ageMs)} old, whose prompt was ${Math.round(cache.similarity * 100)} % alike`
  if (served.endpoint === null) return `the ${served.tier} tier, without a model`
  const details = [served.model, served.region].filter((part) => part !== null).join(", ")
  return `${served.endpoint} (${details})`
}

/** As the engine notes it: `openai-eu breaker_open for 12 s`. */
function inWords(reason: string): string {
  const [, endpoint, what, time = ""] =
    /^(.+?) (breaker_open|rate_limited|concurrency|credential|quota|route_paused)( for \d+ s)?$/.exec(reason) ?? []
  if (endpoint === undefined || what === undefined) return reason.replace(/\.$/, "")
  return `${endpoint} ${states[what] ?? what}${time}`
}

const states: Readonly<Record<string, string>> = {
  breaker_open: "was open",
  rate_limited: "had no allowance left",
  concurrency: "was at its most calls",
  credential: "had a rejected credential",
  quota: "had used up its quota",
  route_paused: "was paused",
}

function failureSentence(attempts: readonly AttemptResource[]): readonly string[] {
  const failed = attempts.filter(({ outcome }) => outcome === "failed")
  if (failed.length === 0) return []
  const causes = failed.map(({ errorType, endpoint }) => `${errorType ?? "failed"} at ${endpoint}`)
  return [`${failed.length} ${failed.length === 1 ? "call" : "calls"} failed before: ${[...new Set(causes)].join(", ")}.`]
}

function schemaSentence({ schemaValid, repairs }: Provenance): readonly string[] {
  if (schemaValid === null) return []
  const repaired = repairs === 0 ? "" : `, after ${repairs} ${repairs === 1 ? "repair" : "repairs"}`
  return [schemaValid ? `The output satisfies the schema${repaired}.` : `The output does not satisfy the schema${repaired}.`]
}

function wastedSentence({ cost }: Pick<JobResource, "cost">): readonly string[] {
  if (cost === null || cost.failedAttemptsUsd === 0) return []
  return [`${Math.round((cost.failedAttemptsUsd / cost.usd) * 100)} % of the cost went into calls that failed.`]
}
