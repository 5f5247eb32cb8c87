import type { SloResource } from "@sluice/client"
import { durationText } from "../../render/times.ts"
import type { Report } from "./gather-report.ts"
import { markdownTable, type Row } from "./markdown-table.ts"

type RouteReport = SloResource["data"][number]
type Objective = RouteReport["objectives"][number]

const notShown = "Not shown: the key may not see it (`operate:read`)."

/** A report as Markdown, for people. */
export function renderReport(report: Report): string {
  const routes = report.slo.data.filter(({ route }) => route !== null)
  const sections: readonly (readonly [heading: string, body: string])[] = [
    ["Objectives", objectivesTable(report.slo)],
    ["Incidents", incidents(report)],
    ["Jobs and tiers", tiersTable(routes)],
    ["Top errors", errorsTable(routes)],
    ["Slowest", slowestTable(routes)],
    ["Cost by route and model", costTable(report)],
    ["Dead letters", deadLetters(report)],
  ]
  const title = `# Sluice, ${dayText(report.since)} to ${dayText(report.until)}`
  return `${[title, summaryOf(report), ...sections.map(([heading, body]) => `## ${heading}\n\n${body}`)].join("\n\n")}\n`
}

function dayText(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`
}

function summaryOf({ slo, usage, alerts }: Report): string {
  const overall = slo.data.find(({ route }) => route === null)
  const missed = slo.data.flatMap(({ route, objectives }) =>
    route === null ? [] : objectives.filter(({ met }) => met === false).map(({ name }) => `${name} of ${route}`),
  )
  const { succeeded = 0, failed = 0, expired = 0 } = overall?.jobs ?? {}
  const fired = alerts?.filter(({ firedAt }) => firedAt !== null).length ?? 0
  return [
    `${succeeded.toLocaleString("en-US")} jobs were answered, ${(failed + expired).toLocaleString("en-US")} failed or expired.`,
    `Calls cost ${usd(usage.total.costUsd)}. ${alerts === null ? "" : `${fired} ${fired === 1 ? "alert" : "alerts"} fired. `}`.trim(),
    missed.length === 0 ? "Every objective was met." : `Missed: ${missed.join(", ")}.`,
  ].join(" ")
}

function objectivesTable({ data }: SloResource): string {
  const rows = data.flatMap(({ route, objectives }) =>
    objectives.map((objective): Row => [route ?? "all", objective.name, targetText(objective), ...resultOf(objective)]),
  )
  return markdownTable(["Route", "Objective", "Target", "Reached", "Bad", "Budget left", "Met"], rows, "There are none.")
}

function targetText({ target, limitMs }: Objective): string {
  return `${percent(target)}${limitMs === null ? "" : ` within ${durationText(limitMs)}`}`
}

function resultOf({ actual, bad, events, budgetLeft, met }: Objective): Row {
  if (actual === null || budgetLeft === null) return ["-", "none happened", "-", "-"]
  return [percent(actual), `${bad.toLocaleString("en-US")} of ${events.toLocaleString("en-US")}`, percent(budgetLeft), met ? "yes" : "no"]
}

function incidents({ alerts, breakerOpenings }: Report): string {
  const fired = alerts?.filter(({ firedAt }) => firedAt !== null)
  const told = fired?.map(
    ({ firedAt, resolvedAt, severity, summary }): Row => [dayText(firedAt ?? ""), lasted(firedAt ?? "", resolvedAt), severity, summary],
  )
  const opened = breakerOpenings?.map(({ endpoint, at, until, by }): Row => [dayText(at), lasted(at, until), endpoint, by ?? "itself"])
  return [
    "### Alerts",
    told ? markdownTable(["Fired", "For", "Severity", "What"], told, "None fired.") : notShown,
    "### Breakers that opened",
    opened ? markdownTable(["Opened", "For", "Endpoint", "By"], opened, "None did.") : notShown,
  ].join("\n\n")
}

function lasted(from: string, to: string | null): string {
  return to === null ? "still" : durationText(Math.max(0, Date.parse(to) - Date.parse(from)))
}

function tiersTable(routes: readonly RouteReport[]): string {
  const rows = routes.map(({ route, jobs, tiers }): Row => {
    const shares = Object.entries(tiers).map(([tier, count]) => `${tier} ${percent(count / Math.max(1, jobs.succeeded))}`)
    return [route ?? "all", jobs.succeeded, jobs.failed, jobs.expired, jobs.cancelled, shares.join(", ") || "-"]
  })
  return markdownTable(["Route", "Answered", "Failed", "Expired", "Cancelled", "Answers by tier"], rows, "There are no routes.")
}

function errorsTable(routes: readonly RouteReport[]): string {
  const counts = routes.flatMap(({ route, errors }) =>
    Object.entries(errors).map(([type, count]) => ({ route: route ?? "all", type, count })),
  )
  const rows = counts.sort((a, b) => b.count - a.count).slice(0, 20)
  return markdownTable(
    ["Error", "Route", "Jobs"],
    rows.map(({ route, type, count }): Row => [type, route, count]),
    "No job failed or expired.",
  )
}

function slowestTable(routes: readonly RouteReport[]): string {
  const timed = routes.flatMap(({ route, latencyMs: { p50, p95, p99 } }) =>
    p99 === null ? [] : [{ route: route ?? "all", p50, p95, p99 }],
  )
  const rows = timed.sort((a, b) => b.p99 - a.p99).map(({ route, p50, p95, p99 }): Row => [route, ms(p50), ms(p95), ms(p99)])
  return markdownTable(["Route", "p50", "p95", "p99"], rows, "There were no answers.")
}

function costTable({ usage }: Report): string {
  const sums = usage.data.filter(({ calls, jobs }) => calls + jobs > 0).sort((a, b) => b.costUsd - a.costUsd)
  const rows = sums.map(({ group, calls, inputTokens, outputTokens, costUsd }): Row => {
    return [group.route ?? "-", group.model ?? "none", calls, inputTokens, outputTokens, usd(costUsd)]
  })
  const note =
    usage.total.unpricedCalls === 0 ? "" : `\n\n${usage.total.unpricedCalls} calls of models without a known price are not in it.`
  return `Whole days from ${usage.from} to ${usage.to}.\n\n${markdownTable(["Route", "Model", "Calls", "Tokens in", "Tokens out", "Cost"], rows, "Nothing was used.")}${note}`
}

function deadLetters({ deadLetters: summary }: Report): string {
  if (summary === null) return "Not shown: the key may not see them (`dead-letters:read`)."
  const rows = summary.data.map(({ key, count }): Row => [key ?? "-", count])
  return `Open by now, of the tenant that the key acts for.\n\n${markdownTable(["Error", "Open"], rows, "None.")}`
}

function ms(value: number | null): string {
  return value === null ? "-" : durationText(value)
}

function percent(share: number): string {
  return `${(share * 100).toLocaleString("en-US", { maximumFractionDigits: 2 })} %`
}

function usd(value: number): string {
  return `$${value.toFixed(value !== 0 && value < 1 ? 6 : 2)}`
}
