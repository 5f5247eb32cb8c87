import type { LimitsVerdict } from "@sluice/engine"

const windowSeconds = 60

/** `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers): what the tenant may do, and what is left of it. */
export function limitHeaders({ requests, places, maxQueuedJobs }: LimitsVerdict): Readonly<Record<string, string>> {
  const policies: string[] = []
  const states: string[] = []
  if (requests) {
    policies.push(`"requests";q=${requests.limit};w=${windowSeconds}`)
    states.push(`"requests";r=${requests.remaining};t=${Math.ceil(requests.resetMs / 1_000)}`)
  }
  if (places) {
    policies.push(`"queued-jobs";q=${maxQueuedJobs}`)
    states.push(`"queued-jobs";r=${places === "full" ? 0 : places.remaining}`)
  }
  return policies.length === 0 ? {} : { "RateLimit-Policy": policies.join(", "), RateLimit: states.join(", ") }
}
