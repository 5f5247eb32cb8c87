import { cpus, totalmem } from "node:os"

/** Where a figure was taken, without anything that names the machine. */
export function machine() {
  const [cpu] = cpus()
  return {
    cpu: cpu?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    date: new Date().toISOString(),
  }
}
