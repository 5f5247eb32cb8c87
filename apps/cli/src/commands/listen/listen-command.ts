import { UsageError } from "../../errors/usage-error.ts"
import { exitCodes } from "../../exit-codes.ts"
import { parseCount } from "../../parse/numbers.ts"
import { type Cli, onRun } from "../../session/define-command.ts"
import { describeReceipt } from "./describe-receipt.ts"
import { startReceiver } from "./receiver.ts"

interface ListenOptions {
  readonly port: number
  readonly forward?: string
  readonly secret?: string
}

const defaultPort = 4_400

export function addListenCommand(cli: Cli): void {
  const command = cli.program
    .command("listen")
    .description("receive webhooks on this machine, verify them, and print them until Ctrl-C")
    .option("--port <n>", "where to listen on 127.0.0.1", parseCount, defaultPort)
    .option("--secret <whsec>", "of the webhook (SLUICE_WEBHOOK_SECRET)")
    .option("--forward <url>", "send what is verified on to this address, and answer as it does")
  onRun<ListenOptions>(
    cli,
    command,
    async ({ session, options: { port, forward, secret = session.environment.SLUICE_WEBHOOK_SECRET } }) => {
      const { terminal, signal, isJson } = session
      if (!secret) throw new UsageError("There is no secret to verify with. Give --secret whsec_..., or set SLUICE_WEBHOOK_SECRET.")
      if (forward !== undefined && !/^https?:/.test(URL.canParse(forward) ? new URL(forward).protocol : "")) {
        throw new UsageError(`--forward is "${forward}": expected an http(s) URL.`)
      }
      const { fetch, now } = session
      const receiver = await startReceiver({
        port,
        secret,
        forward: forward ?? null,
        fetch,
        now,
        onReceipt: (receipt) => {
          if (!isJson) terminal.out(describeReceipt(receipt, { paint: terminal.paint, now: now() }))
          else if (receipt.kind === "event") terminal.out(receipt.body)
          else terminal.note(receipt.message)
        },
      })
      terminal.note(
        `Webhooks are received at ${receiver.url}. Sluice may send there when sluice.yaml has webhooks.allowPrivate: [127.0.0.0/8].`,
      )
      await untilAborted(signal)
      await receiver.close()
      return exitCodes.ok
    },
  )
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener("abort", () => resolve(), { once: true })
  })
}
