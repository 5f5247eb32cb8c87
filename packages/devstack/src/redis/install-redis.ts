import { existsSync } from "node:fs"
import { rm, writeFile } from "node:fs/promises"
import type { ServiceSearch } from "../search/service-search.ts"

const POLICY_FILE = "/usr/sbin/policy-rc.d"
export type InstallRedisOptions = Pick<ServiceSearch, "run" | "report" | "signal"> & { policyFile?: string }

const APT_TIMEOUT_MS = 5 * 60_000

export type InstallObstacleOptions = Pick<ServiceSearch, "run" | "mayInstall" | "signal"> & { isRoot: boolean }

/** Why apt cannot install redis-server here; `undefined` when it can. Asks for leave last. */
export async function installObstacle({ run, mayInstall, isRoot, signal }: InstallObstacleOptions): Promise<string | undefined> {
  const apt = await run("apt-get", ["--version"], { timeoutMs: 5_000, signal })
  if (apt.exitCode !== 0) return "this is not a Debian system (no apt-get)"
  if (!isRoot) return "only root may install packages"
  return (await mayInstall()) ? undefined : "not wanted (--yes allows it)"
}

/**
 * Installs redis-server, but not as a service of the system: the package would start one, on the port and with the data of
 * no checkout. A policy-rc.d that forbids it is Debian's way to say so, and is removed again.
 * @throws Error with the words of apt.
 */
export async function installRedis({ run, report, policyFile = POLICY_FILE, signal }: InstallRedisOptions): Promise<void> {
  report("Redis: installing redis-server with apt")
  const options = { timeoutMs: APT_TIMEOUT_MS, environment: { DEBIAN_FRONTEND: "noninteractive" }, signal }
  const hadPolicy = existsSync(policyFile)
  if (!hadPolicy) await writeFile(policyFile, "#!/bin/sh\nexit 101\n", { mode: 0o755 })
  try {
    const install = () => run("apt-get", ["install", "--yes", "--no-install-recommends", "redis-server"], options)
    let result = await install()
    if (result.exitCode !== 0) {
      await run("apt-get", ["update"], options) // a fresh machine has no package lists
      result = await install()
    }
    if (result.exitCode !== 0) throw new Error(`apt-get could not install redis-server: ${result.stderr.split("\n").slice(-3).join("\n")}`)
    await run("systemctl", ["disable", "redis-server"], { timeoutMs: 10_000, signal }) // nor at the next boot, where there is systemd
  } finally {
    if (!hadPolicy) await rm(policyFile, { force: true })
  }
}
