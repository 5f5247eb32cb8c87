import type { DeadLetterObserver, ReplayObserver } from "@sluice/engine"
import type { Logger } from "@sluice/runtime"
import { originFields } from "./job-fields.ts"

/** One line for each thing that somebody should know of; those with `alert: true` are for whoever is on call. */
export function logDeadLetters(logger: Logger): DeadLetterObserver & ReplayObserver {
  return {
    rateGrew: (report) =>
      logger.error(
        { alert: true, kind: "dead_letter_rate", state: "raised", ...report },
        "dead letters come faster than usual: GET /v1/dead-letters/summary tells their causes",
      ),
    rateRecovered: (report) =>
      logger.info({ alert: true, kind: "dead_letter_rate", state: "recovered", ...report }, "dead letters come as usual again"),
    discardedOld: (count) => logger.warn({ count }, "dead letters were discarded after their retention"),
    letterFailed: ({ error, ...which }) => logger.error({ ...which, err: error }, "a dead letter could not be replayed; the others are"),
    replayInterrupted: ({ error, ...which }) => logger.warn({ ...which, err: error }, "a replay was interrupted; it is continued"),
    replayEnded: ({ id, tenantId, requestId, status, matched, progress }) =>
      logger.info(
        { replayId: id, tenantId, ...originFields({ requestId, traceparent: null }), status, matched, ...progress },
        "replay ended",
      ),
  }
}
