import type { QueueResource } from "@sluice/core"
import { exitCodes } from "../exit-codes.ts"
import type { Column } from "../render/table.ts"
import { durationText } from "../render/times.ts"
import { type Cli, onRun } from "../session/define-command.ts"
import { printDocument, printListing } from "../session/print.ts"

export function addQueuesCommand(cli: Cli): void {
  const command = cli.program.command("queues").description("list the queues: how many jobs wait, and how long the oldest has")
  onRun(cli, command, ({ session }) => {
    const listing = session.client().queues.list({ signal: session.signal })
    return printListing(session, listing, { columns, limit: Number.POSITIVE_INFINITY, empty: "There are no queues." })
  })
  const pause = command.command("pause <name>").description("let workers finish what they have, and fetch nothing")
  const resume = command.command("resume <name>").description("let them fetch again")
  for (const [action, subcommand] of [["pause", pause] as const, ["resume", resume] as const]) {
    onRun(cli, subcommand, async ({ session, args: [name = ""] }) => {
      const queue = await session.client().queues[action](name, { signal: session.signal })
      printDocument(session, queue, ({ paused }) => `${name} ${paused ? "is paused" : "runs"}`)
      return exitCodes.ok
    })
  }
}

const counted = (heading: string, count: (queue: QueueResource) => number): Column<QueueResource> => ({
  heading,
  cell: (queue) => count(queue).toLocaleString("en"),
  align: "right",
})

const columns: readonly Column<QueueResource>[] = [
  { heading: "QUEUE", cell: ({ name }) => name },
  { heading: "STATE", cell: ({ paused }) => (paused ? { text: "paused", style: "yellow" } : { text: "runs", style: "green" }) },
  counted("IN LINE", ({ prioritized, waiting }) => prioritized + waiting),
  counted("DELAYED", ({ delayed }) => delayed),
  counted("ACTIVE", ({ active }) => active),
  { heading: "OLDEST", cell: ({ oldestWaitingMs }) => (oldestWaitingMs === null ? "-" : durationText(oldestWaitingMs)), align: "right" },
]
