import { table } from "../lib/table.ts"
import { isFlat } from "./memory.ts"
import type { Failure, FuzzResult } from "./run-fuzz.ts"

/** What a run found, for people. */
export function summarise(result: FuzzResult): string {
  const { requests, seconds, statuses, memory, answeredWell, failures } = result
  const classes = ["2xx", "3xx", "4xx", "5xx", "no answer"]
  const rows = Object.entries(statuses).map(([kind, counts]) => [kind, ...classes.map((name) => String(countOf(counts, name)))])
  const never = [...answeredWell].filter(([, count]) => count === 0).map(([id]) => id)
  const tenth = Math.max(1, Math.floor(memory.length / 10))
  const over = memory.filter((_, index) => index % tenth === tenth - 1).map(({ rssMb }) => rssMb)
  return [
    `${requests} requests in ${Math.round(seconds)} s, ${Math.round(requests / seconds)}/s`,
    table(["", ...classes], rows),
    `RSS in MB over the run: ${over.join(" ")}${isFlat(memory) ? "" : " (it keeps growing)"}`,
    `Operations answered with 2xx: ${answeredWell.size - never.length} of ${answeredWell.size}${never.length > 0 ? `; never ${never.join(", ")}` : ""}`,
    ...failures.slice(0, 10).map(describeFailure),
    failures.length === 0 ? "No failures." : `${failures.length} failures.`,
  ].join("\n")
}

/** So many answers may say that a service is away. */
const maxAway = 0.01

export function isGood({ requests, failures, memory, statuses }: FuzzResult): boolean {
  const away = Object.values(statuses).reduce((sum, counts) => sum + countOf(counts, "5xx"), 0)
  return failures.length === 0 && isFlat(memory) && away <= requests * maxAway
}

function countOf(counts: Readonly<Record<number, number>>, name: string): number {
  const matching = Object.entries(counts).filter(([status]) => (status === "0" ? name === "no answer" : name === `${status[0]}xx`))
  return matching.reduce((sum, [, count]) => sum + count, 0)
}

function describeFailure({ index, request, why }: Failure): string {
  const { method, path, headers, body } = request
  return `#${index} ${why}\n  ${method} ${path}\n  ${JSON.stringify(headers)}\n  ${body === null ? "" : JSON.stringify(Buffer.from(body).toString("latin1").slice(0, 1_000))}`
}
