import { isTenantsKey } from "@sluice/engine"
import type { AdmissionOptions } from "@sluice/redis"
import type { Logger } from "@sluice/runtime"

type AdmissionEvent = Parameters<NonNullable<AdmissionOptions["onEvent"]>>[0]

/** Tells what became known about providers; what a person has to see to is an error, marked as an alert. */
export function logAdmission(logger: Logger): (event: AdmissionEvent) => void {
  return (event) => {
    switch (event.kind) {
      case "breaker_changed":
        logger.warn(event, `the breaker of ${event.endpoint} went from ${event.from} to ${event.to}`)
        break
      case "credential_disabled": {
        if (isTenantsKey(event.credential)) {
          logger.warn(
            { ...event, credential: undefined, endpointGroup: event.credential },
            "a tenant's own key is not accepted; its jobs wait",
          )
          break
        }
        const what = event.reason === "credential" ? "was rejected: check it" : "has no quota left: raise it"
        logger.error(
          { ...event, credential: undefined, endpointGroup: event.credential, alert: true },
          `a provider's key ${what}. It is tried again from time to time.`,
        )
        break
      }
      case "credential_enabled":
        logger.info({ endpointGroup: event.credential }, "a provider's key works again")
        break
      case "group_paused":
        logger.warn(event, `${event.limitGroup} is left alone for ${event.pauseMs} ms`)
        break
      case "rate_lowered":
        logger.warn(event, `${event.limitGroup} allows less than was thought: ${event.requestsPerMinute} requests/min from now on`)
    }
  }
}
