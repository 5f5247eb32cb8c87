import { mkdirSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { machine } from "./machine.ts"

const folder = fileURLToPath(new URL("../../results", import.meta.url))

/** Keeps the figures of a run as JSON with what they were taken on. */
export function writeResults(name: string, figures: object): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/${name}.json`, `${JSON.stringify({ name, machine: machine(), ...figures }, null, 2)}\n`)
}
