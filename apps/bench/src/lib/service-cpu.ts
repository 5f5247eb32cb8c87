import { globSync, readdirSync, readFileSync } from "node:fs"
import { cpuTimeMs } from "./figures.ts"

export interface ServiceCpu {
  readonly redisMs: number
  readonly mongodbMs: number
}

/**
 * The processor time that Redis and MongoDB have used, with all their processes, when they run as processes of this checkout;
 * null when they are somewhere else. Processes that have ended are not in it.
 */
export function serviceCpu(dataFolder: string): ServiceCpu | null {
  const childrenOf = processTree()
  const timeOf = (pid: number): number =>
    (ifThere(() => cpuTimeMs(pid)) ?? 0) + (childrenOf.get(pid) ?? []).reduce((sum, child) => sum + timeOf(child), 0)
  const totalOf = (pattern: string): number | null => {
    const pids = globSync(pattern, { cwd: dataFolder }).map((file) =>
      Number(JSON.parse(readFileSync(`${dataFolder}/${file}`, "utf8")).process.pid),
    )
    return pids.length === 0 ? null : pids.reduce((sum, pid) => sum + timeOf(pid), 0)
  }
  const [redisMs, mongodbMs] = [totalOf("redis/*.pid.json"), totalOf("{mongodb,documentdb}/*.pid.json")]
  return redisMs === null || mongodbMs === null ? null : { redisMs, mongodbMs }
}

function processTree(): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>()
  for (const pid of readdirSync("/proc").map(Number).filter(Number.isInteger)) {
    const parent = parentOf(pid)
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  return children
}

function parentOf(pid: number): number | null {
  return ifThere(() => Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[1]))
}

/** Null for a process that has ended since it was listed. */
function ifThere<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
