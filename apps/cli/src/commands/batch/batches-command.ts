import type { BatchResource } from "@sluice/core"
import { exitCodes } from "../../exit-codes.ts"
import { parseCount } from "../../parse/numbers.ts"
import type { Column } from "../../render/table.ts"
import { type Cli, onRun } from "../../session/define-command.ts"
import { printDocument, printListing } from "../../session/print.ts"

const columns: readonly Column<BatchResource>[] = [
  { heading: "BATCH", cell: ({ id }) => id },
  { heading: "STATUS", cell: ({ status }) => status },
  { heading: "JOBS", cell: ({ counts }) => String(counts.total) },
  { heading: "SUCCEEDED", cell: ({ counts }) => String(counts.succeeded) },
  { heading: "FAILED", cell: ({ counts }) => String(counts.failed + counts.expired) },
  { heading: "CREATED", cell: ({ createdAt }) => createdAt },
]

export function addBatchesCommand(cli: Cli): void {
  const batches = cli.program.command("batches").description("list, read and cancel batches").helpCommand(false)
  const list = batches.command("list", { isDefault: true }).description("newest first").option("--limit <n>", "how many", parseCount, 20)
  onRun<{ readonly limit: number }>(cli, list, async ({ session, options: { limit } }) => {
    const listing = session.client().batches.list({ limit: Math.min(limit + 1, 200) }, { signal: session.signal })
    return await printListing(session, listing, { columns, limit, empty: "There is no batch." })
  })
  const get = batches.command("get <batch>").description("how far one is")
  onRun(cli, get, async ({ session, args: [id = ""] }) => {
    printDocument(session, await session.client().batches.get(id, { signal: session.signal }), describe)
    return exitCodes.ok
  })
  const cancel = batches.command("cancel <batch>").description("end what has not ended, and take nothing more")
  onRun(cli, cancel, async ({ session, args: [id = ""] }) => {
    printDocument(session, await session.client().batches.cancel(id, { signal: session.signal }), describe)
    return exitCodes.ok
  })
  const results = batches
    .command("results <batch>")
    .description("a line of JSON for each job that has ended")
    .option("--follow", "go on until the batch is complete")
  onRun<{ readonly follow?: boolean }>(cli, results, async ({ session, args: [id = ""], options: { follow = false } }) => {
    for await (const result of session.client().batches.results(id, { follow, signal: session.signal })) {
      session.terminal.out(JSON.stringify(result))
    }
    return exitCodes.ok
  })
}

function describe({ id, status, counts }: BatchResource): string {
  const told = Object.entries(counts).flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : []))
  return [`${id}: ${status}`, ...(told.length > 0 ? [told.join(", ")] : [])].join("\n")
}
