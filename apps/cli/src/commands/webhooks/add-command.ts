import { subscribableEventTypes } from "@sluice/core"
import type { Command } from "commander"
import { exitCodes } from "../../exit-codes.ts"
import { collectPair, oneOrMoreOf } from "../../parse/lists.ts"
import { parseAmount } from "../../parse/numbers.ts"
import { type Cli, onRun } from "../../session/define-command.ts"
import { printSecret } from "./print-secret.ts"

interface AddOptions {
  readonly events?: (typeof subscribableEventTypes)[number][]
  readonly description?: string
  readonly header?: Record<string, string>
  readonly ratePerSecond?: number
}

export function addAddCommand(cli: Cli, group: Command): void {
  const command = group
    .command("add <url>")
    .description("register a receiver; prints its secret, which is shown once")
    .option("--events <list>", `some of ${subscribableEventTypes.join(", ")}; default: the final ones`, oneOrMoreOf(subscribableEventTypes))
    .option("--description <text>", "for people")
    .option("--header <key=value>", "sent with each request; may be given several times", collectPair)
    .option("--rate-per-second <n>", "send at most so many requests a second", parseAmount)
  onRun<AddOptions>(cli, command, async ({ session, args: [url = ""], options }) => {
    const { events, description, header, ratePerSecond } = options
    const request = { url, events, description, headers: header, rateLimitPerSecond: ratePerSecond }
    const endpoint = await session.client().webhooks.create(request, { signal: session.signal })
    printSecret(session, { document: endpoint, of: endpoint.id })
    return exitCodes.ok
  })
}
