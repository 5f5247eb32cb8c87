import { installObstacle } from "../redis/install-redis.ts"
import { ServicesUnavailableError } from "../search/services-unavailable-error.ts"
import type { CommandRunner } from "../system/run-command.ts"

export interface InstallChromiumOptions {
  readonly run: CommandRunner
  readonly report: (line: string) => void
  readonly isRoot: boolean
}

const timeoutMs = 10 * 60_000
const remedy = "Install Chromium so that it is on the PATH, or run `npx playwright-core install chromium`."

/**
 * Installs Chromium with apt.
 * @throws ServicesUnavailableError when that cannot be done here, or does not work.
 */
export async function installChromium({ run, report, isRoot }: InstallChromiumOptions): Promise<void> {
  const obstacle = await installObstacle({ run, isRoot, mayInstall: () => true, signal: undefined })
  if (obstacle !== undefined) throw unavailable(obstacle)
  report("Chromium: installing it with apt")
  const options = { timeoutMs, environment: { DEBIAN_FRONTEND: "noninteractive" } }
  const install = () => run("apt-get", ["install", "--yes", "--no-install-recommends", "chromium"], options)
  let result = await install()
  if (result.exitCode !== 0) {
    await run("apt-get", ["update"], options) // a fresh machine has no package lists
    result = await install()
  }
  if (result.exitCode !== 0) throw unavailable(result.stderr.split("\n").slice(-3).join("\n"))
}

function unavailable(why: string): ServicesUnavailableError {
  const attempts = [
    { what: "Chromium on the PATH, or Playwright's own", why: "there is none" },
    { what: "chromium from apt", why },
  ]
  return new ServicesUnavailableError("Chromium", attempts, remedy)
}
