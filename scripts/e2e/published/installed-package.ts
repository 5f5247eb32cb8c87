import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, inject } from "vitest"
import { createInstallation, type Installation } from "../installation.ts"
import { type FreshFolder, freshFolder, type Packed, pack } from "./pack.ts"

export interface InstalledPackage {
  readonly packed: Packed
  /** Where it is installed, and nothing else. */
  readonly folder: FreshFolder
  /** What it talks to: an API and a worker. */
  readonly installation: Installation
}

/** Has the tests of a file use a package of the workspace as those do who install it. */
export function useInstalledPackage(path: string): () => InstalledPackage {
  let made: InstalledPackage | undefined
  const cleanups: (() => Promise<void> | void)[] = []

  beforeAll(async () => {
    const destination = mkdtempSync(join(tmpdir(), "sluice-packed-"))
    cleanups.push(() => rmSync(destination, { recursive: true, force: true }))
    const packed = await pack(path, destination)
    const folder = await freshFolder(packed.tarball)
    cleanups.push(folder.remove)
    const installation = await createInstallation({ redisUrl: inject("redisUrl"), mongodbUrl: inject("mongodbUrl") })
    cleanups.push(installation.close)
    await Promise.all([installation.startApi(), installation.startWorker()])
    made = { packed, folder, installation }
  }, 240_000)

  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup()
  })

  return () => {
    if (!made) throw new Error(`${path} is not installed yet: ask within a test.`)
    return made
  }
}
