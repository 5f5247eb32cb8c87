import type { RouteResource } from "@sluice/core"
import { type ExitCode, exitCodes } from "../exit-codes.ts"
import type { Column } from "../render/table.ts"
import { relativeTime } from "../render/times.ts"
import { type Cli, onRun } from "../session/define-command.ts"
import { printDocument, printListing } from "../session/print.ts"

export function addRoutesCommand(cli: Cli): void {
  const command = cli.program.command("routes").description("list the routes with their tiers, and which are paused")
  onRun(cli, command, ({ session }) => {
    const listing = session.client().routes.list({ signal: session.signal })
    return printListing(session, listing, {
      columns: columnsAt(session.now()),
      limit: Number.POSITIVE_INFINITY,
      empty: "There are no routes.",
    })
  })
  const pause = command.command("pause <name>").description("let the jobs of a route wait; what runs goes on")
  const resume = command.command("resume <name>").description("let them run again")
  for (const [action, subcommand] of [["pause", pause] as const, ["resume", resume] as const]) {
    onRun(cli, subcommand, async ({ session, args: [name = ""] }): Promise<ExitCode> => {
      const route = await session.client().routes[action](name, { signal: session.signal })
      printDocument(session, route, ({ paused }) => `${name} ${paused === null ? "runs" : "is paused; its jobs wait"}`)
      return exitCodes.ok
    })
  }
}

function columnsAt(now: number): readonly Column<RouteResource>[] {
  return [
    { heading: "ROUTE", cell: ({ name }) => name },
    { heading: "KIND", cell: ({ kind }) => kind },
    { heading: "STATE", cell: ({ paused }) => stateCell(paused, now), minWidth: 8 },
    { heading: "TIERS", cell: ({ tiers }) => tiers.map(tierText).join("; "), minWidth: 20 },
  ]
}

function stateCell(paused: RouteResource["paused"], now: number) {
  if (paused === null) return { text: "runs", style: "green" as const }
  return { text: `paused ${relativeTime(paused.since, now)} by ${paused.by}`, style: "yellow" as const }
}

function tierText({ name, endpoints }: RouteResource["tiers"][number]): string {
  return endpoints.length === 0 ? name : `${name}: ${endpoints.join(", ")}`
}
