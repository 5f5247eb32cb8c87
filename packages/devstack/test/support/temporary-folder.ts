import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll } from "vitest"

/** The installation of the stand-in that the tests take its programs from: the one of this checkout. */
export const documentdbImage = fileURLToPath(new URL("../../../../.data/documentdb", import.meta.url))

/** A folder for the tests of one file, removed afterwards. */
export function useTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sluice-devstack-"))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
