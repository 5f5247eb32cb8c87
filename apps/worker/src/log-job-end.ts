import type { Ending, JobFacts } from "@sluice/core"
import type { Logger } from "@sluice/runtime"
import { jobFields } from "./job-fields.ts"

export interface JobEnd {
  readonly job: JobFacts
  readonly ending: Ending
}

/** One line for the end of a job, whoever ended it; with what it answered only where that is asked for. */
export function logJobEnd(logger: Logger, { logsContent = false }: { readonly logsContent?: boolean } = {}): (end: JobEnd) => void {
  return ({ job, ending }) => {
    const error = "error" in ending ? ending.error : null
    const output = logsContent && "result" in ending ? { output: ending.result.output } : {}
    const line = { ...jobFields(job), status: ending.status, error, ...output }
    if (error) logger.warn(line, "job ended")
    else logger.debug(line, "job ended")
  }
}
