import { exitCodes } from "../exit-codes.ts"
import { type Cli, onRun } from "../session/define-command.ts"
import { printDocument } from "../session/print.ts"

export function addCancelCommand(cli: Cli): void {
  const command = cli.program.command("cancel <id>").description("end a job; one that has ended already stays as it is")
  onRun(cli, command, async ({ session, args: [id = ""] }) => {
    const job = await session.client().jobs.cancel(id, { signal: session.signal })
    printDocument(session, job, ({ status }) => `${id} ${status === "cancelled" ? "is cancelled" : `had ended before: ${status}`}`)
    return job.status === "cancelled" ? exitCodes.ok : exitCodes.failed
  })
}
