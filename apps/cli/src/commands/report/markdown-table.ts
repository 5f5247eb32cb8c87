export type Row = readonly (string | number)[]

/** A table of Markdown; a line in its place where it would be empty. */
export function markdownTable(headings: readonly string[], rows: readonly Row[], empty: string): string {
  if (rows.length === 0) return empty
  const lines = [headings, headings.map(() => "---"), ...rows]
  return lines.map((cells) => `| ${cells.map(cellText).join(" | ")} |`).join("\n")
}

/** What would end a cell, or begin something else. */
function cellText(value: string | number): string {
  const text = typeof value === "number" ? value.toLocaleString("en-US") : value
  return text.replace(/[\r\n]+/g, " ").replace(/[\\|<>`*_[\]]/g, "\\$&")
}
