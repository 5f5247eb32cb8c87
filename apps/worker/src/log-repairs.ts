import type { SweepObserver } from "@sluice/engine"
import type { Logger } from "@sluice/runtime"
import { logJobEnd } from "./log-job-end.ts"

/** One line for each kind of repair that a look of the reconciler made, and an alert where a person has to do something. */
export function logRepairs(logger: Logger): SweepObserver {
  return {
    jobEnded: logJobEnd(logger),
    repaired({ kind, count }) {
      logger.info({ kind, count }, "reconciler")
    },
    routeMissing({ route, parked }) {
      const advice = "jobs wait for a route that the configuration does not have; put it back, or they expire at their deadlines"
      logger.error({ alert: true, route, parked }, advice)
    },
    stepFailed({ step, error }) {
      logger.error({ step, err: error }, "a part of the sweep failed; it is tried again")
    },
  }
}
