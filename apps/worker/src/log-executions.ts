import type { ExecutionObserver } from "@sluice/engine"
import type { Logger } from "@sluice/runtime"
import { jobFields } from "./job-fields.ts"
import { logJobEnd } from "./log-job-end.ts"

/** One structured line for each attempt and each end of a job, with the fields of the attempts ledger and nothing of a prompt, unless that is asked for. */
export function logExecutions(logger: Logger, { logsContent = false }: { readonly logsContent?: boolean } = {}): ExecutionObserver {
  return {
    attemptEnded({ job, attempt, error }) {
      const line = { ...jobFields(job), ...attempt, ...(error !== null && { err: error }) }
      if (attempt.outcome === "failed") logger.warn(line, "attempt failed")
      else logger.debug(line, `attempt ${attempt.outcome}`)
    },
    firstPieceCame({ endpoint, afterMs }) {
      logger.trace({ endpoint: endpoint.name, afterMs }, "first piece")
    },
    batchSent(batch) {
      logger.debug(batch, "embedding jobs sent together")
    },
    jobStarted({ job }) {
      logger.debug({ ...jobFields(job), ...(logsContent && { input: job.work.input }) }, "job started")
    },
    jobEnded: logJobEnd(logger, { logsContent }),
    jobHandedBack({ job, notBefore, waiting }) {
      logger.debug({ ...jobFields(job), notBefore, waiting }, "job handed back")
    },
    executionOvertaken({ job, refusal }) {
      logger.warn({ ...jobFields(job), refusal }, "execution overtaken: its result was not written")
    },
    routeBlocked({ route, forMs }) {
      logger.debug({ route, forMs }, "route blocked")
    },
    admissionFailed(error) {
      logger.warn({ err: error }, "admission could not be asked or told")
    },
    jobDegraded({ job, tier, reason }) {
      logger.warn({ ...jobFields(job), tier, reason }, "job degraded")
    },
    writeDelayed({ jobId, error }) {
      logger.warn({ jobId, err: error }, "a write is repeated: the database does not answer")
    },
  }
}
