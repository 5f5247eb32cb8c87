import { type FanOut, readAdmissionName } from "@sluice/engine"
import type { AdmissionOptions } from "@sluice/redis"

type AdmissionEvent = Parameters<NonNullable<AdmissionOptions["onEvent"]>>[0]

export interface AnnounceBreakersOptions {
  readonly raise: FanOut["raise"]
  readonly clock: () => Date
  readonly onError: (error: unknown) => void
}

/**
 * Tells the webhook endpoints that ask for `endpoint.*` when a provider's breaker changes: of whatever tenant, or of the one whose own
 * key it concerns.
 */
export function announceBreakers({ raise, clock, onError }: AnnounceBreakersOptions): (event: AdmissionEvent) => void {
  return (event) => {
    if (event.kind !== "breaker_changed") return
    const { from, to, by, openMs } = event
    const { endpoint, tenantId } = readAdmissionName(event.endpoint)
    const at = clock()
    const about = [event.endpoint, from, to, at.toISOString()]
    const data = { object: "endpoint", name: endpoint, breaker: { state: to, previous: from, forcedBy: by, openMs } }
    raise({ tenantId, type: `endpoint.breaker_${to}`, at, about, data }).catch(onError)
  }
}
