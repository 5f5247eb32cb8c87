import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { createPackageFromTarballData } from "@arethetypeswrong/core"
import { run } from "./run.ts"

const root = fileURLToPath(new URL("../../..", import.meta.url))

export interface Packed {
  readonly tarball: string
  readonly data: Buffer
  /** Without the name of the package. */
  readonly files: readonly string[]
}

/** Builds a package of the workspace, and packs it as it would be published. */
export async function pack(folder: string, destination: string): Promise<Packed> {
  await run("turbo", ["run", "build", "--output-logs=errors-only", `--filter=./${folder}`], { cwd: root })
  const { stdout } = await run("pnpm", ["pack", "--json", "--pack-destination", destination], { cwd: join(root, folder) })
  const { filename }: { filename: string } = JSON.parse(stdout)
  const data = readFileSync(filename)
  const contents = createPackageFromTarballData(data)
  const prefix = `/node_modules/${contents.packageName}/`
  return { tarball: filename, data, files: contents.listFiles().map((file) => file.slice(prefix.length)) }
}

export interface FreshFolder {
  readonly path: string
  write(files: Readonly<Record<string, string>>): void
  remove(): void
}

/** A folder outside the workspace, as of someone who never saw it, with the tarball installed by npm from nowhere else. */
export async function freshFolder(tarball: string): Promise<FreshFolder> {
  const path = mkdtempSync(join(tmpdir(), "sluice-published-"))
  const write = (files: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  }
  mkdirSync(path, { recursive: true })
  write({ "package.json": JSON.stringify({ name: "fresh", private: true, type: "module" }) })
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball], { cwd: path })
  return { path, write, remove: () => rmSync(path, { recursive: true, force: true }) }
}
