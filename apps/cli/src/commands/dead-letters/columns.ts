import { type DeadLetterGroups, type DeadLetterResource, type DeadLetterState, type DeadLetterSummary, noEndpoint } from "@sluice/core"
import type { Column } from "../../render/table.ts"
import { relativeTime } from "../../render/times.ts"
import type { Style } from "../../terminal/terminal.ts"

const styles: Readonly<Record<DeadLetterState, Style>> = { open: "red", replaying: "cyan", resolved: "green", discarded: "dim" }

export function stateCell(state: DeadLetterState) {
  return { text: state, style: styles[state] }
}

export function deadLetterColumns(now: number): readonly Column<DeadLetterResource>[] {
  return [
    { heading: "DEAD LETTER", cell: ({ id }) => id },
    { heading: "STATE", cell: ({ state }) => stateCell(state) },
    { heading: "DIED", cell: ({ createdAt }) => relativeTime(createdAt, now) },
    { heading: "ROUTE", cell: ({ kind, route }) => route ?? kind, minWidth: 6, optional: 2 },
    { heading: "ENDPOINT", cell: ({ endpoint }) => endpoint ?? "-", minWidth: 8, optional: 3 },
    { heading: "CAUSE", cell: ({ error }) => `${error.type}: ${error.message}`, minWidth: 16 },
  ]
}

export function groupColumns(now: number): readonly Column<DeadLetterGroups["data"][number]>[] {
  return [
    { heading: "COUNT", cell: ({ count }) => count.toLocaleString("en"), align: "right" },
    { heading: "CAUSE", cell: ({ errorType }) => errorType },
    { heading: "ROUTE", cell: ({ route }) => route ?? "" },
    { heading: "ENDPOINT", cell: ({ endpoint }) => endpoint ?? noEndpoint },
    { heading: "LAST", cell: ({ newestAt }) => relativeTime(newestAt, now) },
    { heading: "SAMPLE", cell: ({ sample }) => sample?.message ?? "", minWidth: 12 },
  ]
}

export const summaryColumns: readonly Column<DeadLetterSummary["data"][number]>[] = [
  { heading: "COUNT", cell: ({ count }) => count.toLocaleString("en"), align: "right" },
  { heading: "CAUSE", cell: ({ key }) => key ?? "(none)", minWidth: 12 },
]
