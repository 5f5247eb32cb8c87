import type { WebhookRecoveryResource } from "@sluice/core"
import type { Command } from "commander"
import { exitCodes } from "../../exit-codes.ts"
import { parseMoment } from "../../parse/moment.ts"
import { type Cli, onRun } from "../../session/define-command.ts"
import { printDocument } from "../../session/print.ts"
import { watchUntil } from "../../session/watch-until.ts"

interface RecoverOptions {
  readonly since: string
  readonly detach?: boolean
}

export function addRecoverCommand(cli: Cli, group: Command): void {
  const command = group
    .command("recover <id>")
    .description("send everything to a receiver again that was given up")
    .requiredOption("--since <time>", "from then on: 2h (ago), or a date", parseMoment(cli.context.now))
    .option("--detach", "do not wait for the end")
  onRun<RecoverOptions>(cli, command, async ({ session, args: [id = ""], options: { since, detach = false } }) => {
    const { client, signal } = session
    const started = await client().webhooks.recover(id, since, { signal })
    const look = ({ id: recoveryId }: WebhookRecoveryResource) => client().webhooks.getRecovery(id, recoveryId, { signal })
    const isOver = ({ status }: WebhookRecoveryResource) => status !== "running"
    const latest = detach ? started : await watchUntil(session, { started, look, isOver, describe: recoveryText })
    printDocument(session, latest, recoveryText)
    return exitCodes.ok
  })
}

function recoveryText({ id, status, recovered }: WebhookRecoveryResource): string {
  return `${id} ${status}: ${recovered.toLocaleString("en")} put back in line`
}
