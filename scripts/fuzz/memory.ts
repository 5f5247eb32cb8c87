import { readFileSync } from "node:fs"

export interface MemorySample {
  readonly requests: number
  readonly rssMb: number
}

/** The resident memory of a process, in MB (proc_pid_status(5)). */
export function rssOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
  return Math.round(Number(kilobytes) / 1_024)
}

const warmUp = 0.4
const slackMb = 48

/** Whether the process needed no more in the last fifth of a run than around its middle, when everything was warm. */
export function isFlat(samples: readonly MemorySample[]): boolean {
  const middle = samples.slice(Math.floor(samples.length * warmUp), Math.ceil(samples.length * 0.6))
  const end = samples.slice(Math.floor(samples.length * 0.8))
  return median(end) <= median(middle) * 1.15 + slackMb
}

function median(samples: readonly MemorySample[]): number {
  const sorted = samples.map(({ rssMb }) => rssMb).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
