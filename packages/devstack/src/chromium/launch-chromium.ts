import { join } from "node:path"
import { type Browser, chromium } from "playwright-core"
import { withFolderLock } from "../system/folder-lock.ts"
import { runCommand } from "../system/run-command.ts"
import { findChromium } from "./find-chromium.ts"
import { installChromium } from "./install-chromium.ts"

export interface LaunchChromiumOptions {
  /** Where the lock for an installation is put. */
  readonly dataFolder: string
  readonly report: (line: string) => void
}

/** It runs as root in containers, and asks nobody for updates, lists or experiments. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

/**
 * A headless Chromium for tests: that of the machine, or else one that apt installs. Whoever launches it closes it.
 * @throws ServicesUnavailableError when none can be had.
 */
export async function launchChromium({ dataFolder, report }: LaunchChromiumOptions): Promise<Browser> {
  const executablePath = (await findChromium({ run: runCommand })) ?? (await installOnce({ dataFolder, report }))
  return await chromium.launch({ executablePath, headless: true, args: flags })
}

/** Several tests that need one at the same time install it once. */
function installOnce({ dataFolder, report }: LaunchChromiumOptions): Promise<string> {
  return withFolderLock({ path: join(dataFolder, "chromium.lock"), title: "the installation of Chromium" }, async () => {
    const found = await findChromium({ run: runCommand })
    if (found !== undefined) return found
    await installChromium({ run: runCommand, report, isRoot: process.getuid?.() === 0 })
    const installed = await findChromium({ run: runCommand })
    if (installed === undefined) throw new Error("apt installed chromium, but it is not on the PATH.")
    return installed
  })
}
