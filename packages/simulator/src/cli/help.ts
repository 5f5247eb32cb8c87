import { outcomeDescriptions } from "../faults/outcome.ts"
import { profiles } from "../settings/profiles.ts"
import { flags } from "./flags.ts"

/** What `--help` prints. */
export function helpText(): string {
  const flagRows = Object.entries(flags).map(([name, { placeholder, help }]): Row => [`--${name} ${placeholder}`, help])
  const profileRows = Object.entries(profiles).map(([name, { description }]): Row => [name, description])
  return [
    "A simulated AI provider that fails on a seeded schedule. It speaks OpenAI (/v1), Azure OpenAI (/openai),",
    "Anthropic (/v1/messages) and plain JSON (/custom/echo, uppercase, reverse, word-count).",
    "",
    "Usage: npm run simulator -- [flags]",
    "",
    "Flags:",
    ...table([...flagRows, ["--settings JSON", "any other setting, as POST /__control takes it"], ["--help, -h", "this text"]]),
    "",
    "Profiles:",
    ...table(profileRows),
    "",
    "Kinds of outcome, for --fault and for scripts:",
    ...table(Object.entries(outcomeDescriptions)),
    "",
    "While it runs (URL as it prints it):",
    "  curl URL/__control                                                   settings and counters",
    `  curl URL/__control -d '{"script": ["unavailable", "ok"]}'             outcomes of the next calls`,
    `  curl URL/__control -d '{"outage": {"mode": "refuse", "durationMs": 5000}}'   be gone for 5 s`,
    "  curl URL/__requests                                                  what it received",
    "  curl -X POST URL/__reset                                             begin anew",
    "",
  ].join("\n")
}

type Row = readonly [left: string, right: string]

function table(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}
