import type { JobResource } from "@sluice/core"
import { type ExitCode, exitCodes } from "../exit-codes.ts"
import { renderJob } from "../render/job-details.ts"
import { statusText } from "../render/job-text.ts"
import { outputText } from "../render/output-text.ts"
import { oneLine } from "../render/plain-text.ts"
import { durationText } from "../render/times.ts"
import type { Session } from "../session/session.ts"

export interface FollowOptions {
  readonly id: string
  /** Null: as long as it takes. */
  readonly timeoutMs: number | null
}

/** How often what is shown is looked at again. */
const lookEveryMs = 2_000

/** Waits for the end of a job, showing how it is, and then prints it: the answer on standard output, the rest beside it. */
export async function followJob(session: Session, { id, timeoutMs }: FollowOptions): Promise<ExitCode> {
  const { terminal, signal, now } = session
  const startedAt = now()
  const wait = (update: (text: string) => void) =>
    session.client().jobs.wait(id, {
      signal,
      pollMs: lookEveryMs,
      expand: ["attempts"],
      ...(timeoutMs !== null && { timeoutMs }),
      onUpdate: (job) => update(oneLine(`${id} ${job.status} (${durationText(now() - startedAt)}) ${statusText(job, now())}`)),
    })
  let outcome: PromiseSettledResult<JobResource> | undefined
  const run = async (update: (text: string) => void) => {
    ;[outcome] = await Promise.allSettled([wait(update)])
  }
  await terminal.progress([{ title: `${id} is waited for`, run }])
  if (outcome?.status !== "fulfilled") throw outcome?.reason
  return await printEnded(session, outcome.value)
}

/** Prints a job that has ended; the exit code says whether it succeeded. */
export async function printEnded(session: Session, job: JobResource): Promise<ExitCode> {
  const { terminal, isJson, now } = session
  if (isJson) {
    terminal.out(JSON.stringify(job))
  } else {
    terminal.note(renderJob(job, { paint: terminal.paint, width: terminal.columns, now: now() }))
    const output = await outputOf(session, job)
    if (output !== null) terminal.out(outputText(output))
  }
  return job.status === "succeeded" ? exitCodes.ok : exitCodes.failed
}

/** A large output has an address of its own. */
async function outputOf({ client, signal }: Session, { id, output, outputUrl }: JobResource): Promise<JobResource["output"]> {
  return outputUrl === null ? output : await client().jobs.output(id, { signal })
}
