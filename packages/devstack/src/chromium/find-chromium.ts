import { existsSync } from "node:fs"
import { chromium } from "playwright-core"
import type { CommandRunner } from "../system/run-command.ts"

export interface FindChromiumOptions {
  readonly run: CommandRunner
  /** Where `npx playwright install chromium` puts the one that belongs to the version in use. */
  readonly playwrightsOwn?: string
}

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]

/** The path of a Chromium of this machine: one on the PATH, or Playwright's own. `undefined` when there is none. */
export async function findChromium({ run, playwrightsOwn = chromium.executablePath() }: FindChromiumOptions): Promise<string | undefined> {
  for (const name of names) {
    const { exitCode, stdout } = await run("which", [name], { timeoutMs: 5_000 })
    if (exitCode === 0 && stdout !== "") return stdout
  }
  return existsSync(playwrightsOwn) ? playwrightsOwn : undefined
}
