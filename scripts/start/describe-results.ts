import { table } from "../lib/table.ts"
import type { DemoResult } from "./demo-batch.ts"

const headings = ["job", "status", "tier", "served by", "model", "attempts", "ms"]

/** The batch as a table with the provenance of each result. */
export function resultsTable(results: readonly DemoResult[]): string {
  return table(headings, results.map(rowOf))
}

function rowOf({ index, job }: DemoResult): readonly string[] {
  if (!job) return [`#${index + 1}`, "unfinished"]
  const served = job.provenance?.served
  const ms = job.finishedAt === null ? "" : String(Date.parse(job.finishedAt) - Date.parse(job.createdAt))
  return [job.id, job.status, served?.tier ?? "-", served?.endpoint ?? "-", served?.model ?? "-", String(job.attemptCount), ms]
}

export interface Summary {
  readonly line: string
  /** Jobs that were accepted and did not come to an end. */
  readonly lost: number
}

/** One line that ends with the number of jobs lost. */
export function summarise(results: readonly DemoResult[]): Summary {
  const statuses = Map.groupBy(results, ({ job }) => job?.status ?? "unfinished")
  const counts = [...statuses].map(([status, list]) => `${list.length} ${status}`)
  const retried = results.filter(({ job }) => (job?.attemptCount ?? 0) > 1).length
  const lost = results.filter(({ job }) => job === null).length
  return { line: `${results.length} jobs: ${counts.join(", ")}; ${retried} needed more than one attempt; lost ${lost}`, lost }
}
