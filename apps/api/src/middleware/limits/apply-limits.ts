import type { LimitsVerdict, TenantLimits } from "@sluice/engine"
import type { Response } from "express"
import { Problem } from "../../problems/problem.ts"
import { limitHeaders } from "./limit-headers.ts"

/** A place may become free at any moment; how soon is for nobody to know. */
const retryFullAfterSeconds = 2

/**
 * Counts a request for its tenant's limits, tells by headers how they stand, and throws `tenant_rate_limited` or
 * `tenant_queue_full` when they are reached. Places that the handler does not fill are given back when the answer is out.
 */
export async function applyLimits(
  limits: Pick<TenantLimits, "admit">,
  response: Response,
  { jobs }: { readonly jobs: number },
): Promise<void> {
  const verdict = await limits.admit({ tenantId: response.locals.tenantId, requests: 1, jobs })
  for (const [name, value] of Object.entries(limitHeaders(verdict))) response.setHeader(name, value)
  if (verdict.requests?.isAllowed === false) throw rateLimited(verdict.requests)
  if (verdict.places === "full") throw queueFull(verdict)
  const { places } = verdict
  if (!places) return
  response.locals.places = places
  response.once("close", () => places.settle(0))
}

function rateLimited({ limit, retryMs }: NonNullable<LimitsVerdict["requests"]>): Problem {
  const seconds = Math.max(1, Math.ceil(retryMs / 1_000))
  const detail = `The tenant may make ${limit} requests a minute, and has. Send the request again in ${seconds} s.`
  return new Problem({ code: "tenant_rate_limited", detail, headers: { "Retry-After": String(seconds) } })
}

export function queueFull({ maxQueuedJobs }: Pick<LimitsVerdict, "maxQueuedJobs">): Problem {
  const detail = `The tenant may have ${maxQueuedJobs} jobs that have not begun to run, and there is no place for more. Nothing was accepted; send it again later.`
  return new Problem({ code: "tenant_queue_full", detail, headers: { "Retry-After": String(retryFullAfterSeconds) } })
}
