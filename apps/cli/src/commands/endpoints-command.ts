import type { EndpointResource } from "@sluice/core"
import { Argument } from "commander"
import { UsageError } from "../errors/usage-error.ts"
import { type ExitCode, exitCodes } from "../exit-codes.ts"
import type { Cell, Column } from "../render/table.ts"
import { durationText, relativeTime } from "../render/times.ts"
import { type Cli, onRun } from "../session/define-command.ts"
import { printDocument, printListing } from "../session/print.ts"

const states = ["open", "closed", "auto"] as const

export function addEndpointsCommand(cli: Cli): void {
  const command = cli.program.command("endpoints").description("list the providers' endpoints: breaker, allowance used, calls in flight")
  onRun(cli, command, ({ session }) => {
    const listing = session.client().endpoints.list({ signal: session.signal })
    const columns = columnsAt(session.now())
    return printListing(session, listing, { columns, limit: Number.POSITIVE_INFINITY, empty: "There are no endpoints." })
  })
  const force = command
    .command("force")
    .description("open or close an endpoint's breaker by hand, or leave it to itself again")
    .argument("<name>", "the endpoint")
    .addArgument(new Argument("<state>", "open: no calls; closed: calls whatever happens; auto: as it finds").choices(states))
  onRun(cli, force, async ({ session, args: [name = "", given] }): Promise<ExitCode> => {
    const state = states.find((known) => known === given)
    if (state === undefined) throw new UsageError(`Expected one of ${states.join(", ")}.`)
    const endpoint = await session.client().endpoints.force(name, state, { signal: session.signal })
    printDocument(session, endpoint, ({ breaker }) =>
      breaker.forced === null ? `${name} is left to its breaker, which is ${breaker.state}` : `${name} is held ${breaker.forced}`,
    )
    return exitCodes.ok
  })
}

function columnsAt(now: number): readonly Column<EndpointResource>[] {
  return [
    { heading: "ENDPOINT", cell: ({ name }) => name },
    { heading: "BREAKER", cell: (endpoint) => breakerCell(endpoint, now), minWidth: 8 },
    { heading: "SUCCESS", cell: successText, align: "right" },
    { heading: "LATENCY", cell: ({ latencyMs }) => (latencyMs === null ? "-" : durationText(latencyMs)), align: "right" },
    { heading: "IN FLIGHT", cell: inFlightText, align: "right" },
    { heading: "REQ/MIN", cell: ({ requestsPerMinute }) => allowanceText(requestsPerMinute), align: "right", optional: 1 },
    { heading: "TOK/MIN", cell: ({ tokensPerMinute }) => allowanceText(tokensPerMinute), align: "right", optional: 2 },
    { heading: "MODEL", cell: ({ provider, model }) => `${provider} ${model}`, minWidth: 12, optional: 3 },
  ]
}

function breakerCell({ breaker, disabled, pausedUntil }: EndpointResource, now: number): Cell {
  if (disabled !== null) return { text: `no calls: ${disabled.reason}, again ${relativeTime(disabled.until, now)}`, style: "red" }
  if (breaker.forced !== null) return { text: `held ${breaker.forced}`, style: "yellow" }
  if (breaker.state === "open") return { text: `open, probed ${relativeTime(breaker.openUntil, now)}`, style: "red" }
  if (breaker.state === "half_open") return { text: "half open", style: "yellow" }
  if (pausedUntil !== null) return { text: `paused, again ${relativeTime(pausedUntil, now)}`, style: "yellow" }
  return { text: "closed", style: "green" }
}

function successText({ calls }: EndpointResource): string {
  return calls.successRate === null ? "-" : `${(calls.successRate * 100).toFixed(0)}% of ${calls.total}`
}

function inFlightText({ inFlight, concurrencyCap }: EndpointResource): string {
  return concurrencyCap === null ? String(inFlight) : `${inFlight}/${Math.floor(concurrencyCap)}`
}

function allowanceText(allowance: EndpointResource["requestsPerMinute"]): string {
  if (allowance === null) return "-"
  return allowance.limit === null ? String(Math.round(allowance.used)) : `${Math.round(allowance.used)}/${allowance.limit}`
}
