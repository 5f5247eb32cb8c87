import { type Job, type Provenance, reservedPrefix } from "@sluice/core"

/**
 * Who answered, at what quality and cost, in headers: OpenAI's bodies have no place for it. The job's id is always among them, so
 * that whatever a client met can be looked up.
 */
export function jobHeaders(job: Job): Readonly<Record<string, string>> {
  const fields = { ...factsOf(job), ...(job.status === "succeeded" ? servedFacts(job.result.provenance) : {}) }
  const cost = job.status === "succeeded" ? job.result.cost : null
  const all = { ...fields, ...(cost && { cost_usd: String(cost.usd) }) }
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`x-sluice-${name.replaceAll("_", "-")}`, headerText(value)]))
}

/** The same for where the wire has `metadata`: text by keys, beside the caller's own. */
export function provenanceMetadata(job: Job): Readonly<Record<string, string>> {
  const fields = { job_id: job.id, route: job.route, ...(job.status === "succeeded" ? servedFacts(job.result.provenance) : {}) }
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${reservedPrefix}${name}`, value.slice(0, 512)]))
}

/** Metadata without what this wire put there for itself. */
export function ownMetadata({ metadata }: { readonly metadata: Job["metadata"] }): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !key.startsWith(reservedPrefix)))
}

function factsOf({ id, route, attemptCount }: Job): Readonly<Record<string, string>> {
  return { job_id: id, route, attempts: String(attemptCount) }
}

function servedFacts({ requested, served, quality, degraded, degradedReason, cache }: Provenance): Record<string, string> {
  const facts = {
    requested_model: requested.model,
    endpoint: served.endpoint,
    provider: served.provider,
    model: served.model,
    region: served.region,
    tier: served.tier,
    quality,
    degraded: String(degraded),
    degraded_reason: degradedReason,
    cache: cache?.kind ?? null,
  }
  return Object.fromEntries(Object.entries(facts).flatMap(([name, value]) => (value === null ? [] : [[name, value]])))
}

/** Headers hold printable ASCII only, and a model's name is the provider's to choose. */
function headerText(value: string): string {
  return value.replaceAll(/[^\x20-\x7e]/g, "?")
}
