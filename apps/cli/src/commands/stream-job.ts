import type { JobEvent, JobResource } from "@sluice/core"
import { type ExitCode, exitCodes } from "../exit-codes.ts"
import { renderJob } from "../render/job-details.ts"
import { waitingText } from "../render/job-text.ts"
import { plainText } from "../render/plain-text.ts"
import type { Session } from "../session/session.ts"
import { type FollowOptions, printEnded, withinTime } from "./follow-job.ts"

/** Prints the answer to a job while it is being written, and beside it what happens; with `--json`, a line for each event. */
export async function streamJob(session: Session, options: FollowOptions): Promise<ExitCode> {
  const printer = session.isJson ? jsonPrinter(session) : textPrinter(session)
  const job = await withinTime(session, options, async (signal) => {
    for await (const event of session.client().jobs.stream(options.id, { signal })) {
      printer.print(event)
      if ("job" in event) return event.job
    }
    // The end had been told before, which it has not to somebody who begins.
    return await session.client().jobs.get(options.id, { signal })
  })
  return await printer.end(job)
}

interface Printer {
  print(event: JobEvent): void
  end(job: JobResource): Promise<ExitCode>
}

function jsonPrinter({ terminal }: Session): Printer {
  return {
    print: (event) => terminal.out(JSON.stringify(event)),
    end: (job) => Promise.resolve(exitCodeOf(job)),
  }
}

function textPrinter(session: Session): Printer {
  const { terminal, now } = session
  let isInLine = false
  let hasText = false
  const aside = (words: string): void => {
    if (isInLine) terminal.write("\n")
    isInLine = false
    terminal.note(terminal.paint("dim", words))
  }
  return {
    print(event) {
      switch (event.type) {
        case "job.waiting":
          return aside(waitingText(event.waiting, now()))
        case "attempt.started":
          return aside(`asks ${event.attempt.endpoint}, ${event.attempt.model}`)
        case "output.reset":
          hasText = false
          return aside("what was written so far does not count; the answer begins anew")
        case "output.delta":
          terminal.write(plainText(event.text))
          isInLine = true
          hasText = true
          return
        default:
          return
      }
    },
    async end(job) {
      if (!hasText || job.status !== "succeeded") {
        if (isInLine) terminal.write("\n")
        return await printEnded(session, job)
      }
      terminal.write("\n")
      terminal.note(renderJob(job, { paint: terminal.paint, width: terminal.columns, now: now() }))
      return exitCodeOf(job)
    },
  }
}

function exitCodeOf({ status }: JobResource): ExitCode {
  return status === "succeeded" ? exitCodes.ok : exitCodes.failed
}
