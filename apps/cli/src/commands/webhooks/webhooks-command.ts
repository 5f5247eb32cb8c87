import type { DeliveryResource, WebhookEndpointResource } from "@sluice/core"
import { type Command, Option } from "commander"
import { type ExitCode, exitCodes } from "../../exit-codes.ts"
import { parseDuration } from "../../parse/duration.ts"
import { parseCount } from "../../parse/numbers.ts"
import { type Cli, onRun } from "../../session/define-command.ts"
import { printDocument, printListing } from "../../session/print.ts"
import type { Session } from "../../session/session.ts"
import { addAddCommand } from "./add-command.ts"
import { deliveryColumns, webhookColumns } from "./columns.ts"
import { printSecret } from "./print-secret.ts"
import { addRecoverCommand } from "./recover-command.ts"

const maxPageSize = 200

export function addWebhooksCommand(cli: Cli): void {
  const group = cli.program.command("webhooks").description("register receivers of events, and look after what is delivered to them")
  addList(cli, group)
  addAddCommand(cli, group)
  addRemove(cli, group)
  addDeliveries(cli, group)
  addActions(cli, group)
  addRotateSecret(cli, group)
  addRecoverCommand(cli, group)
}

function addList(cli: Cli, group: Command): void {
  const command = group.command("list").description("list the receivers")
  onRun(cli, command, ({ session }) => {
    const listing = session.client().webhooks.list({ limit: maxPageSize }, { signal: session.signal })
    return printListing<WebhookEndpointResource>(session, listing, {
      columns: webhookColumns(session.now()),
      limit: Number.POSITIVE_INFINITY,
      empty: "No receiver is registered. `sluice webhooks add URL` registers one.",
    })
  })
}

function addRemove(cli: Cli, group: Command): void {
  const command = group.command("remove <id>").description("send this receiver nothing any more")
  onRun(cli, command, async ({ session, args: [id = ""] }) => {
    await session.client().webhooks.delete(id, { signal: session.signal })
    if (!session.isJson) session.terminal.out(`${id} is removed`)
    return exitCodes.ok
  })
}

interface DeliveriesOptions {
  readonly status?: DeliveryResource["status"]
  readonly limit: number
}

function addDeliveries(cli: Cli, group: Command): void {
  const command = group
    .command("deliveries <id>")
    .description("list what was sent to a receiver, newest first")
    .addOption(new Option("--status <status>", "in this state").choices(["pending", "delivered", "failed"]))
    .option("--limit <n>", "at most so many", parseCount, 20)
  onRun<DeliveriesOptions>(cli, command, ({ session, args: [id = ""], options: { status, limit } }) => {
    const filters = { status, limit: Math.min(limit + 1, maxPageSize) }
    const listing = session.client().webhooks.deliveries(id, filters, { signal: session.signal })
    return printListing(session, listing, { columns: deliveryColumns(session.now()), limit, empty: "Nothing was sent that matches." })
  })
}

function addActions(cli: Cli, group: Command): void {
  const redeliver = group.command("redeliver <id> <delivery>").description("send an event once more")
  onRun(cli, redeliver, async ({ session, args: [id = "", delivery = ""] }) => {
    return printDelivery(session, await session.client().webhooks.redeliver(id, delivery, { signal: session.signal }))
  })
  const test = group.command("test <id>").description("send an event of the type webhook.test")
  onRun(cli, test, async ({ session, args: [id = ""] }) => {
    return printDelivery(session, await session.client().webhooks.test(id, { signal: session.signal }))
  })
}

function printDelivery(session: Session, delivery: DeliveryResource): ExitCode {
  printDocument(session, delivery, ({ id, eventType, status }) => `${eventType} ${id} is ${status}`)
  return exitCodes.ok
}

function addRotateSecret(cli: Cli, group: Command): void {
  const command = group
    .command("rotate-secret [id]")
    .description("make a new secret for a receiver, or without an id the tenant's default one; it is shown once")
    .option("--overlap <time>", "how long the old one signs too (default: 24h)", parseDuration)
  onRun<{ overlap?: number }>(cli, command, async ({ session, args: [id], options: { overlap } }) => {
    const { webhooks } = session.client()
    const rotation = { signal: session.signal, ...(overlap !== undefined && { overlapMs: overlap }) }
    if (id === undefined) printSecret(session, { document: await webhooks.rotateDefaultSecret(rotation), of: "jobs' own webhooks" })
    else printSecret(session, { document: await webhooks.rotateSecret(id, rotation), of: id })
    return exitCodes.ok
  })
}
