import type { JobResource } from "@sluice/core"
import { relativeTime } from "./times.ts"

/** In a few words: what a job waits for, who answered it, or why it failed. */
export function statusText({ waiting, provenance, error }: JobResource, now: number): string {
  if (error !== null) return `${error.type}: ${error.message}`
  if (provenance !== null) return servedText(provenance)
  return waiting === null ? "" : waitingText(waiting, now)
}

/** `waits: rate_limited at openai-eu, again in 8 s`. */
export function waitingText(waiting: NonNullable<JobResource["waiting"]>, now: number): string {
  const at = waiting.endpoint === null ? "" : ` at ${waiting.endpoint}`
  const until = waiting.until === null ? "" : `, again ${relativeTime(waiting.until, now)}`
  return `waits: ${waiting.reason}${at}${until}`
}

/** `azure-us, gpt-4o-mini`; with the tier and the quality unless it is the best. */
export function servedText({ served, quality, cache }: NonNullable<JobResource["provenance"]>): string {
  const by = [served.endpoint ?? served.tier, served.model].filter((part) => part !== null).join(", ")
  const kept = cache === null ? "" : `, ${cache.kind} cache`
  return quality === "full" ? by + kept : `${by}${kept} (${served.tier}, ${quality})`
}
