import type { ExecutionObserver } from "@sluice/engine"
import type { Logger } from "@sluice/runtime"

/** One structured line for each attempt and each end of a job, with the fields of the attempts ledger and nothing of a prompt. */
export function logExecutions(logger: Logger): ExecutionObserver {
  return {
    attemptEnded({ job, attempt, error }) {
      const line = { jobId: job.id, tenantId: job.tenantId, route: job.route, ...attempt, ...(error !== null && { err: error }) }
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
      logger.debug({ jobId: job.id, run: job.run, tenantId: job.tenantId, route: job.route }, "job started")
    },
    jobEnded({ job, ending }) {
      const error = "error" in ending ? ending.error : null
      const line = { jobId: job.id, run: job.run, tenantId: job.tenantId, route: job.route, status: ending.status, error }
      if (error) logger.warn(line, "job ended")
      else logger.debug(line, "job ended")
    },
    jobHandedBack({ job, notBefore, waiting }) {
      logger.debug({ jobId: job.id, run: job.run, route: job.route, notBefore, waiting }, "job handed back")
    },
    executionOvertaken({ job, refusal }) {
      logger.warn({ jobId: job.id, run: job.run, route: job.route, refusal }, "execution overtaken: its result was not written")
    },
    routeBlocked({ route, forMs }) {
      logger.debug({ route, forMs }, "route blocked")
    },
    admissionFailed(error) {
      logger.warn({ err: error }, "admission could not be asked or told")
    },
    jobDegraded({ job, tier, reason }) {
      logger.warn({ jobId: job.id, run: job.run, route: job.route, tier, reason }, "job degraded")
    },
    writeDelayed({ jobId, error }) {
      logger.warn({ jobId, err: error }, "a write is repeated: the database does not answer")
    },
  }
}
