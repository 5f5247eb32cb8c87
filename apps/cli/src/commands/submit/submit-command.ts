import { exitCodes } from "../../exit-codes.ts"
import { parseDuration } from "../../parse/duration.ts"
import { type Cli, onRun } from "../../session/define-command.ts"
import { followJob, printEnded } from "../follow-job.ts"
import { streamJob } from "../stream-job.ts"
import { buildRequest } from "./build-request.ts"
import { addSubmitFlags, type SubmitFlags } from "./submit-flags.ts"

interface SubmitOptions extends SubmitFlags {
  readonly wait?: boolean
  readonly stream?: boolean
  readonly timeout?: number
  readonly idempotencyKey?: string
}

export function addSubmitCommand(cli: Cli): void {
  const command = addSubmitFlags(
    cli.program
      .command("submit <route>")
      .description("submit a job; prints its id, or with --wait or --stream its answer")
      .option("-w, --wait", "wait for the end, and print the answer")
      .option("-s, --stream", "print the answer while it is being written")
      .option(
        "--timeout <time>",
        "with --wait or --stream: give up after so long, such as 30s (exit code 4); the job goes on",
        parseDuration,
      )
      .option("--idempotency-key <key>", "submitting again under the same key makes no second job"),
  )
  onRun<SubmitOptions>(cli, command, async ({ session, args: [route = ""], options }) => {
    const { terminal, signal } = session
    const { wait = false, stream = false, timeout = null, idempotencyKey } = options
    const request = await buildRequest(session, route, options)
    const job = await session.client().jobs.submit(request, { signal, ...(idempotencyKey !== undefined && { idempotencyKey }) })
    if (stream) return await streamJob(session, { id: job.id, timeoutMs: timeout })
    if (wait) return job.finishedAt === null ? await followJob(session, { id: job.id, timeoutMs: timeout }) : await printEnded(session, job)
    terminal.out(session.isJson ? JSON.stringify(job) : job.id)
    if (!session.isJson) terminal.note(terminal.paint("dim", `${job.status}; wait for it: sluice watch ${job.id}`))
    return exitCodes.ok
  })
}
