import type { UsageResource } from "../contract/usage.ts"

/** A line for each group (RFC 4180), with the names of the columns first. */
export function usageCsv({ groupBy, data, total }: UsageResource): string {
  const figureNames = Object.keys(total)
  const lines = data.map(({ group, ...figures }) => {
    const values = new Map<string, unknown>(Object.entries(figures))
    return [...groupBy.map((name) => group[name] ?? ""), ...figureNames.map((name) => values.get(name) ?? 0)]
  })
  return [[...groupBy, ...figureNames], ...lines].map((cells) => `${cells.map(cellOf).join(",")}\r\n`).join("")
}

function cellOf(value: unknown): string {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
