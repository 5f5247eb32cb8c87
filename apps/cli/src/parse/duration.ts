import { InvalidArgumentError } from "commander"

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/** `500ms`, `30s`, `10m`, `2h`, `1d` in milliseconds. Throws `InvalidArgumentError`. */
export function parseDuration(text: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m|min|h|d)$/.exec(text) ?? []
  const ms = Math.round(Number(number) * (unitsMs[unit] ?? Number.NaN))
  if (!Number.isSafeInteger(ms) || ms <= 0) throw new InvalidArgumentError("Expected a time such as 500ms, 30s, 10m, 2h or 1d.")
  return ms
}
