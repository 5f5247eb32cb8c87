import type { AttemptResource, RunResource } from "@sluice/core"
import { formatDuration } from "../../format/duration.ts"
import { formatUsd } from "../../format/numbers.ts"

export interface ComparedLine {
  readonly label: string
  readonly before: string
  readonly after: string
  readonly differs: boolean
}

export interface RunWithCalls {
  readonly run: RunResource
  /** Those that are still in the ledger. */
  readonly attempts: readonly AttemptResource[]
}

const nothing = "–"

/** What two runs of a job have in common and what not, line by line. */
export function compareRuns(before: RunWithCalls, after: RunWithCalls): readonly ComparedLine[] {
  return lines.map(({ label, of }) => {
    const [left, right] = [of(before), of(after)]
    return { label, before: left, after: right, differs: left !== right }
  })
}

const lines: readonly { readonly label: string; readonly of: (run: RunWithCalls) => string }[] = [
  { label: "Ended as", of: ({ run }) => run.status },
  { label: "Begun by", of: ({ run: { replay } }) => replay?.by ?? "its submission" },
  { label: "Route", of: ({ run }) => run.route ?? nothing },
  { label: "Error", of: ({ run }) => run.error?.type ?? nothing },
  { label: "Message", of: ({ run }) => run.error?.message ?? nothing },
  { label: "HTTP status", of: ({ run, attempts }) => String(run.error?.httpStatus ?? attempts.at(-1)?.httpStatus ?? nothing) },
  { label: "Answered by", of: ({ run: { served } }) => (served ? [served.tier, served.endpoint].filter(Boolean).join(" · ") : nothing) },
  { label: "Model", of: ({ run, attempts }) => run.served?.model ?? attempts.at(-1)?.model ?? nothing },
  { label: "Calls", of: ({ attempts }) => callsOf(attempts) },
  { label: "Took", of: ({ run }) => tookOf(run) },
  { label: "Cost", of: ({ attempts }) => costOf(attempts) },
]

/** `3: openai-eu ×2, azure-us`. */
function callsOf(attempts: readonly AttemptResource[]): string {
  if (attempts.length === 0) return "none"
  const byEndpoint = Map.groupBy(attempts, ({ endpoint }) => endpoint)
  const names = Array.from(byEndpoint, ([endpoint, calls]) => (calls.length === 1 ? endpoint : `${endpoint} ×${calls.length}`))
  return `${attempts.length}: ${names.join(", ")}`
}

function tookOf({ startedAt, finishedAt }: RunResource): string {
  if (startedAt === null || finishedAt === null) return nothing
  return formatDuration(Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)))
}

function costOf(attempts: readonly AttemptResource[]): string {
  const costs = attempts.map(({ costUsd }) => costUsd)
  return costs.some((cost) => cost === null) ? "unknown" : formatUsd(costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0))
}
