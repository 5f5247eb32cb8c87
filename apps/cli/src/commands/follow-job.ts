import { type StreamedJobEvent, WaitTimeoutError } from "@sluice/client"
import type { JobResource } from "@sluice/core"
import { type ExitCode, exitCodes } from "../exit-codes.ts"
import { renderJob } from "../render/job-details.ts"
import { waitingText } from "../render/job-text.ts"
import { outputText } from "../render/output-text.ts"
import { oneLine } from "../render/plain-text.ts"
import { durationText } from "../render/times.ts"
import type { Session } from "../session/session.ts"

export interface FollowOptions {
  readonly id: string
  /** Null: as long as it takes. */
  readonly timeoutMs: number | null
}

/** How often what is shown is shown anew. */
const tickEveryMs = 1_000

/** Waits for the end of a job, showing how it is, and then prints it: the answer on standard output, the rest beside it. */
export async function followJob(session: Session, options: FollowOptions): Promise<ExitCode> {
  const { terminal } = session
  const { id } = options
  let outcome: PromiseSettledResult<JobResource> | undefined
  const run = async (update: (text: string) => void) => {
    ;[outcome] = await Promise.allSettled([withinTime(session, options, (signal) => follow(session, { id, signal, update }))])
  }
  await terminal.progress([{ title: `${id} is waited for`, run }])
  if (outcome?.status !== "fulfilled") throw outcome?.reason
  return await printEnded(session, outcome.value)
}

interface Following {
  readonly id: string
  readonly signal: AbortSignal
  readonly update: (text: string) => void
}

async function follow({ client, now }: Session, { id, signal, update }: Following): Promise<JobResource> {
  const startedAt = now()
  let doing = ""
  const show = () => update(oneLine(`${id} (${durationText(now() - startedAt)}) ${doing}`))
  const ticking = setInterval(show, tickEveryMs)
  try {
    for await (const event of client().jobs.stream(id, { signal })) {
      doing = describe(event, now()) ?? doing
      show()
    }
  } finally {
    clearInterval(ticking)
  }
  return await client().jobs.wait(id, { signal, expand: ["attempts"] })
}

/** What goes on from this event on; null: the same as before. */
function describe(event: StreamedJobEvent, now: number): string | null {
  switch (event.type) {
    case "job.queued":
      return "in line"
    case "job.started":
      return "started"
    case "job.waiting":
      return waitingText(event.waiting, now)
    case "attempt.started":
      return `asks ${event.attempt.endpoint}, ${event.attempt.model}`
    case "attempt.ended":
      return `${event.attempt.endpoint} ${event.attempt.errorType ?? event.attempt.outcome}`
    case "output.delta":
      return `${event.offset + event.text.length} characters written`
    default:
      return null
  }
}

/** Does something for as long as the user waits; then `WaitTimeoutError` says how the job is. */
export async function withinTime<T>(
  { client, signal }: Session,
  { id, timeoutMs }: FollowOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (timeoutMs === null) return await work(signal)
  const patience = AbortSignal.timeout(timeoutMs)
  try {
    return await work(AbortSignal.any([signal, patience]))
  } catch (error) {
    if (signal.aborted || !patience.aborted) throw error
    throw new WaitTimeoutError({ job: await client().jobs.get(id, { signal }), timeoutMs })
  }
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
