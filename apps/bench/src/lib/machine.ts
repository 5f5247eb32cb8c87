import { existsSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { cpus, loadavg, totalmem } from "node:os"

const measured = ["bullmq", "ioredis", "mongodb", "express", "undici"]
const require = createRequire(import.meta.url)

/** Where and with what a figure was taken, without anything that names the machine. */
export function machine() {
  const [cpu] = cpus()
  return {
    cpu: cpu?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    loadBefore: loadavg()[0],
    node: process.version,
    versions: Object.fromEntries(measured.map((name) => [name, versionOf(name)])),
    date: new Date().toISOString(),
  }
}

function versionOf(name: string): string {
  const files = (require.resolve.paths(name) ?? []).map((folder) => `${folder}/${name}/package.json`)
  const file = files.find((path) => existsSync(path))
  return file === undefined ? "unknown" : JSON.parse(readFileSync(file, "utf8")).version
}
