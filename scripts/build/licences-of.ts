import { existsSync, globSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"

/** The licences of the packages that went into a bundle, as their authors want them handed on. Throws for a package that has none. */
export function licencesOf(moduleIds: readonly string[]): string {
  const folders = new Set(moduleIds.flatMap((id) => packageFolderOf(id) ?? []))
  const texts = [...folders].map((folder) => {
    const { name, version, license }: Manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
    const files = globSync("{LICENSE,LICENCE,License,license,NOTICE}{,.md,.txt,-MIT}", { cwd: folder }).toSorted()
    if (files.length === 0 && !license) throw new Error(`${name} has no licence: may it be bundled?`)
    const bodies = files.map((file) => readFileSync(join(folder, file), "utf8").trim())
    return [`## ${name} ${version} (${license ?? "see below"})`, ...bodies].join("\n\n")
  })
  return `This program contains the following packages.\n\n${texts.toSorted().join("\n\n")}\n`
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: string
}

/** Null for our own sources, which the package's own licence covers. */
function packageFolderOf(moduleId: string): string | null {
  if (!moduleId.includes("/node_modules/")) return null
  for (let folder = dirname(moduleId); ; folder = dirname(folder)) {
    const manifest = join(folder, "package.json")
    // Some packages have further manifests inside that only say how their files are to be read.
    if (existsSync(manifest) && "version" in JSON.parse(readFileSync(manifest, "utf8"))) return folder
    if (folder === dirname(folder)) return null
  }
}
