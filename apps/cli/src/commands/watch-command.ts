import { parseDuration } from "../parse/duration.ts"
import { type Cli, onRun } from "../session/define-command.ts"
import { followJob } from "./follow-job.ts"
import { streamJob } from "./stream-job.ts"

interface WatchOptions {
  readonly timeout?: number
  readonly stream?: boolean
}

export function addWatchCommand(cli: Cli): void {
  const command = cli.program
    .command("watch <id>")
    .description("wait for the end of a job, and print its answer, who gave it, and every call that was made")
    .option("-s, --stream", "print the answer while it is being written")
    .option("--timeout <time>", "give up after so long, such as 30s (exit code 4); the job goes on", parseDuration)
  onRun<WatchOptions>(cli, command, ({ session, args: [id = ""], options: { timeout = null, stream = false } }) =>
    (stream ? streamJob : followJob)(session, { id, timeoutMs: timeout }),
  )
}
