import type { AttemptResource, JobResource } from "@sluice/core"
import type { Paint } from "../terminal/terminal.ts"
import { servedText, statusText } from "./job-text.ts"
import { oneLine } from "./plain-text.ts"
import { styleOf } from "./status-style.ts"
import { type Column, renderTable } from "./table.ts"
import { durationText } from "./times.ts"

export interface JobView {
  readonly paint: Paint
  readonly width: number
  readonly now: number
}

/** A job with what became of it, and the calls that were made when they were asked for. */
export function renderJob(job: JobResource, { paint, width, now }: JobView): string {
  const { attempts = [] } = job
  const facts = factsOf(job, now).map(([name, value]) => `  ${paint("dim", name.padEnd(10))}${oneLine(value)}`)
  const heading = `${job.id}  ${paint(styleOf(job.status), job.status)}`
  const calls = attempts.length === 0 ? [] : ["", renderTable({ columns: attemptColumns, rows: attempts, width, paint })]
  return [heading, ...facts, ...calls].join("\n")
}

function factsOf(job: JobResource, now: number): [string, string][] {
  const { route, run, createdAt, finishedAt, provenance, cost, usage, error, waiting, deadLetterId } = job
  const facts: [string, string | null][] = [
    ["route", run === 1 ? route : `${route}, run ${run}`],
    ["took", finishedAt === null ? null : durationText(Date.parse(finishedAt) - Date.parse(createdAt))],
    ["waits", waiting === null ? null : statusText(job, now).replace(/^waits: /, "")],
    ["served by", provenance === null ? null : servedText(provenance)],
    ["degraded", provenance?.degradedReason ?? null],
    ["tokens", usage === null ? null : `${usage.inputTokens} in, ${usage.outputTokens} out`],
    ["cost", cost === null ? null : `${cost.estimated ? "about " : ""}$${dollars(cost.usd)}`],
    ["error", error === null ? null : `${error.type}: ${error.message}`],
    ["dead letter", deadLetterId],
  ]
  return facts.flatMap(([name, value]) => (value === null ? [] : [[name, value]]))
}

/** Small sums in full, without an exponent. */
function dollars(usd: number): string {
  return usd === 0 ? "0" : usd.toFixed(8).replace(/0+$/, "").replace(/\.$/, "")
}

const attemptColumns: readonly Column<AttemptResource>[] = [
  { heading: "CALL", cell: ({ number }) => String(number), align: "right" },
  { heading: "TIER", cell: ({ tier }) => tier, optional: 1 },
  { heading: "ENDPOINT", cell: ({ endpoint }) => endpoint, minWidth: 8 },
  { heading: "MODEL", cell: ({ model }) => model, minWidth: 8, optional: 2 },
  { heading: "OUTCOME", cell: outcomeCell, minWidth: 8 },
  { heading: "TOOK", cell: ({ durationMs }) => durationText(durationMs), align: "right" },
  { heading: "THEN WAITED", cell: ({ delayMs }) => (delayMs === null ? "" : durationText(delayMs)), align: "right", optional: 3 },
]

function outcomeCell({ outcome, errorType, httpStatus }: AttemptResource) {
  const why = [errorType, httpStatus === null || httpStatus === 200 ? null : String(httpStatus)].filter((part) => part !== null).join(" ")
  if (outcome === "succeeded") return { text: outcome, style: "green" as const }
  return { text: why === "" ? outcome : `${outcome}: ${why}`, style: "red" as const }
}
