import { mkdirSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import type { BenchOptions } from "./bench.ts"
import { machine } from "./machine.ts"

const folder = fileURLToPath(new URL("../../results", import.meta.url))

/** Keeps the figures of a run as JSON with what they were taken on. Those of short runs are no figures, and stay apart. */
export function writeResults(name: string, { seed, isShort }: Pick<BenchOptions, "seed" | "isShort">, figures: object): void {
  const path = isShort ? `${folder}/short` : folder
  mkdirSync(path, { recursive: true })
  writeFileSync(`${path}/${name}.json`, `${JSON.stringify({ name, machine: machine(), seed, ...figures }, null, 2)}\n`)
}
