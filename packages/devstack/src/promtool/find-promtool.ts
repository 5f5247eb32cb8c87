import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { ServicesUnavailableError } from "../search/services-unavailable-error.ts"
import { withFolderLock } from "../system/folder-lock.ts"
import type { CommandRunner } from "../system/run-command.ts"

export interface FindPromtoolOptions {
  /** Where Debian's package is unpacked when the machine has no promtool. */
  readonly dataFolder: string
  readonly report: (line: string) => void
  readonly run: CommandRunner
}

const timeoutMs = 5 * 60_000

/**
 * The path of promtool, which checks Prometheus' rules: that of the machine, or else out of Debian's package, which is unpacked and
 * not installed, since it would start a server.
 * @throws ServicesUnavailableError when none can be had.
 */
export async function findPromtool({ dataFolder, report, run }: FindPromtoolOptions): Promise<string> {
  const { exitCode, stdout } = await run("which", ["promtool"], { timeoutMs: 5_000 })
  if (exitCode === 0 && stdout !== "") return stdout
  const folder = join(dataFolder, "promtool")
  const program = join(folder, "usr/bin/promtool")
  return await withFolderLock({ path: `${folder}.lock`, title: "the unpacking of promtool" }, async () => {
    if (!existsSync(program)) await unpack({ folder, report, run })
    return program
  })
}

async function unpack({ folder, report, run }: { readonly folder: string } & Pick<FindPromtoolOptions, "report" | "run">) {
  report("promtool: unpacking it from Debian's package prometheus")
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const download = () => run("env", ["-C", folder, "apt-get", "download", "prometheus"], { timeoutMs })
  let result = await download()
  if (result.exitCode !== 0) {
    await run("apt-get", ["update"], { timeoutMs }) // a fresh machine has no package lists
    result = await download()
  }
  if (result.exitCode !== 0) throw unavailable(result.stderr)
  for (const file of readdirSync(folder)) result = await run("dpkg-deb", ["-x", join(folder, file), folder], { timeoutMs })
  if (result.exitCode !== 0) throw unavailable(result.stderr)
}

function unavailable(why: string): ServicesUnavailableError {
  const attempts = [
    { what: "promtool on the PATH", why: "there is none" },
    { what: "Debian's package prometheus", why: why.split("\n").slice(-3).join("\n") },
  ]
  return new ServicesUnavailableError("promtool", attempts, "Install Prometheus so that promtool is on the PATH.")
}
