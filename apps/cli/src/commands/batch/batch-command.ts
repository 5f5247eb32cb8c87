import { exitCodes } from "../../exit-codes.ts"
import { type Cli, onRun } from "../../session/define-command.ts"
import { addBatchFlags, type BatchFlags } from "./batch-flags.ts"
import { runBatchFile } from "./run-batch-file.ts"

export function addBatchCommand(cli: Cli): void {
  const command = addBatchFlags(
    cli.program
      .command("batch <file>")
      .description("run every line of a file as a job, and write the answers to another; run it again to go on after an interruption"),
  )
  onRun<BatchFlags>(cli, command, async ({ session, args: [file = ""], options }) => {
    const { batch, unanswered, refused } = await runBatchFile(session, file, options)
    const { terminal } = session
    if (session.isJson) terminal.out(JSON.stringify(batch))
    const { succeeded, total } = batch.counts
    terminal.note(`${succeeded} of ${total} succeeded; the answers are in ${options.output}.`)
    if (refused > 0)
      terminal.note(terminal.paint("red", `${refused} lines were not taken: see the lines with "errors" in ${options.output}.`))
    return succeeded === total && refused === 0 && unanswered === 0 ? exitCodes.ok : exitCodes.failed
  })
}
