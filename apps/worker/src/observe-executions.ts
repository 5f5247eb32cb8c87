import { endJob } from "@sluice/core"
import type { EventAnnouncer, ExecutionObserver } from "@sluice/engine"
import type { RouteValve } from "@sluice/redis"
import { addLogFields, type Logger } from "@sluice/runtime"
import { jobFields } from "./job-fields.ts"
import { logExecutions } from "./log-executions.ts"

export interface ObserveExecutionsOptions {
  readonly logger: Logger
  /** Whether the log may hold prompts and answers. */
  readonly logsContent?: boolean
  readonly valve: Pick<RouteValve, "close">
  readonly announcer: Pick<EventAnnouncer, "jobStarted" | "jobEnded">
}

/** The limiter's longest wait: a breaker may be forced, or a key replaced, at any time. */
const maxClosedMs = 5_000

/** Logs what executions tell, lets webhooks hear of it, and stops the fetching of a route of which nothing can run. */
export function observeExecutions({ logger, logsContent = false, valve, announcer }: ObserveExecutionsOptions): ExecutionObserver {
  const log = logExecutions(logger, { logsContent })
  return {
    ...log,
    jobStarted(event) {
      // Everything that is logged until the execution ends carries them.
      addLogFields(jobFields(event.job))
      log.jobStarted(event)
      announcer.jobStarted(event.job)
    },
    jobEnded(event) {
      log.jobEnded(event)
      announcer.jobEnded(endJob(event.job, event.ending))
    },
    routeBlocked(event) {
      log.routeBlocked(event)
      const { route, forMs } = event
      valve.close({ route, forMs: Math.min(forMs, maxClosedMs), extend: true }).catch(log.admissionFailed)
    },
  }
}
