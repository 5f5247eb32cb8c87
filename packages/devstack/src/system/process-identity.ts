import { execFileSync } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  pid: number
  /** When it started, in the words of the system; only good for comparing. */
  startedAt: string
}

/** `undefined` when there is no such process, or only its zombie. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const startedAt = process.platform === "linux" ? startFromProc(pid) : startFromPs(pid)
  return startedAt === undefined ? undefined : { pid, startedAt }
}

export function isRunning(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startedAt === identity.startedAt
}

function startFromProc(pid: number): string | undefined {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8")
  } catch {
    return undefined
  }
  // proc_pid_stat(5): the second field, the name, may hold spaces and brackets; the state is the 3rd, the start the 22nd.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  if (fields[19] === undefined || (fields[0] === "Z" && !hasThreads(pid))) return undefined
  return `${bootId()}/${fields[19]}`
}

/** While threads of a killed process end, its first one is a zombie already, but its ports are still taken. */
function hasThreads(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).length > 1
  } catch {
    return false
  }
}

/** Start times count from the boot, so they are told apart by it. */
function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()
  } catch {
    return ""
  }
}

function startFromPs(pid: number): string | undefined {
  try {
    const line = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim()
    return line === "" || line.startsWith("Z") ? undefined : line.slice(line.indexOf(" ")).trim()
  } catch {
    return undefined
  }
}
