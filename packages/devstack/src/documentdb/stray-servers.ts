import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, statSync } from "node:fs"
import { join } from "node:path"
import { endProcess } from "../processes/end-process.ts"
import { identifyProcess } from "../system/process-identity.ts"
import { type Layout, POSTGRES_UID } from "./layout.ts"

/**
 * Ends what is left of earlier servers of the cluster, so that a new one may start: a server that no record names, and
 * children that outlived theirs (pg_cron's stays for ever when its server is killed at the wrong moment). They
 * live in the chroot, as its user. Then no pid file of PostgreSQL can be right any more, while it could name a process
 * that has the number now: it goes too.
 */
export async function endStrayServers(layout: Layout): Promise<void> {
  const pidFile = join(layout.cluster, "data/postmaster.pid")
  const server = existsSync(pidFile) ? Number.parseInt(readFileSync(pidFile, "utf8"), 10) : undefined
  for (const pid of pidsInside(layout)) {
    const stray = identifyProcess(pid)
    if (stray) await endProcess(stray, pid === server ? "SIGINT" : "SIGKILL")
  }
  rmSync(pidFile, { force: true })
}

/** The lowest first: a server comes before its children, and takes them with it. */
function pidsInside({ base }: Layout): number[] {
  const root = realpathSync(base)
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger)
  return pids.filter((pid) => isPostgresIn(root, pid)).sort((a, b) => a - b)
}

function isPostgresIn(root: string, pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/root`) === root && statSync(`/proc/${pid}`).uid === POSTGRES_UID
  } catch {
    return false // it ended meanwhile
  }
}
