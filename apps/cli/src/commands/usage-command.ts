import type { UsageResource } from "@sluice/client"
import { usageCsv, usageGroupings } from "@sluice/core"
import { exitCodes } from "../exit-codes.ts"
import { oneOrMoreOf } from "../parse/lists.ts"
import type { Column } from "../render/table.ts"
import { type Cli, onRun } from "../session/define-command.ts"
import { printRows } from "../session/print.ts"

interface UsageOptions {
  readonly from?: string
  readonly to?: string
  readonly by: (typeof usageGroupings)[number][]
  readonly route?: string
  readonly endpoint?: string
  readonly model?: string
  readonly of?: string
  readonly csv?: boolean
}

export function addUsageCommand(cli: Cli): void {
  const command = cli.program
    .command("usage")
    .description("show what was used and what it cost, of the last 30 days unless told otherwise")
    .option("--from <day>", "the first day, as 2026-11-20 (UTC)")
    .option("--to <day>", "the last day")
    .option("--by <what>", `one or more of ${usageGroupings.join(", ")}`, oneOrMoreOf(usageGroupings), ["day"])
    .option("--route <name>", "of this route")
    .option("--endpoint <name>", "of this endpoint")
    .option("--model <name>", "of this model")
    .option("--of <tenant>", "of this tenant, with an operator's key; all are shown otherwise")
    .option("--csv", "print comma-separated values")
  onRun<UsageOptions>(cli, command, async ({ session, options: { by: groupBy, of: tenant, csv, from, to, route, endpoint, model } }) => {
    const filters = { groupBy, tenant, from, to, route, endpoint, model }
    const report = await session.client().usage.report(filters, { signal: session.signal })
    if (csv) session.terminal.out(usageCsv(report).trimEnd())
    else if (session.isJson) session.terminal.out(JSON.stringify(report))
    else {
      printRows(session, { columns: columnsOf(report), rows: report.data, empty: "Nothing was used." })
      const { total } = report
      session.terminal.note(
        `${total.jobs} jobs and ${total.calls} calls cost ${usd(total.costUsd)} in all${unpriced(total.unpricedCalls)}.`,
      )
    }
    return exitCodes.ok
  })
}

type Row = UsageResource["data"][number]

function columnsOf({ groupBy }: UsageResource): readonly Column<Row>[] {
  const number = (heading: string, value: (row: Row) => number, optional = 0): Column<Row> => ({
    heading,
    cell: (row) => value(row).toLocaleString("en-US"),
    align: "right",
    optional,
  })
  return [
    ...groupBy.map((name): Column<Row> => ({ heading: name.toUpperCase(), cell: ({ group }) => group[name] ?? "-", minWidth: 6 })),
    number("JOBS", ({ jobs }) => jobs),
    number("CALLS", ({ calls }) => calls),
    number("IN", ({ inputTokens }) => inputTokens),
    number("CACHED", ({ cachedInputTokens }) => cachedInputTokens, 2),
    number("OUT", ({ outputTokens }) => outputTokens),
    number("IMAGES", ({ images }) => images, 1),
    { heading: "COST", cell: ({ costUsd }) => usd(costUsd), align: "right" },
  ]
}

function usd(value: number): string {
  return `$${value.toFixed(value < 1 ? 6 : 2)}`
}

function unpriced(calls: number): string {
  return calls === 0 ? "" : `, ${calls} calls of models without a known price not counted`
}
