import type { ExecutionObserver } from "@sluice/engine"
import type { RouteValve } from "@sluice/redis"
import type { Logger } from "@sluice/runtime"
import { logExecutions } from "./log-executions.ts"

export interface ObserveExecutionsOptions {
  readonly logger: Logger
  readonly valve: Pick<RouteValve, "close">
}

/** The limiter's longest wait: a breaker may be forced, or a key replaced, at any time. */
const maxClosedMs = 5_000

/** Logs what executions tell, and stops the fetching of a route of which nothing can run. */
export function observeExecutions({ logger, valve }: ObserveExecutionsOptions): ExecutionObserver {
  const log = logExecutions(logger)
  return {
    ...log,
    routeBlocked(event) {
      log.routeBlocked(event)
      const { route, forMs, isSaturated } = event
      // While a provider is merely busy, jobs come due one by one: a longer closure would hold up the next of them.
      valve.close({ route, forMs: Math.min(forMs, maxClosedMs), extend: !isSaturated }).catch(log.admissionFailed)
    },
  }
}
