import { readFileSync, writeFileSync } from "node:fs"
import { join, relative } from "node:path"
import { API, type Project } from "typescript/unstable/sync"
import { writeType } from "./write-type.ts"

export interface InferredTypes {
  /** The package whose sources infer types from schemas. */
  readonly packageFolder: string
  /** Its declarations as the compiler made them, in the order of its sources. */
  readonly declarationsFolder: string
}

/** `export type Job = z.infer<typeof job>` or `keyof typeof table` in a declaration file; the name is the first group. */
const inferredAlias = /^export type (\w+) = (?:z\.infer<.*>|keyof typeof \w+);$/gm
/** Recursive, and written by hand in core. Zod has its own name for it. */
const kept = { Json: "Json", JSONType: "Json" }

/** Writes out each type that is inferred from a schema, in place, so that who uses the declarations needs no zod. */
export function writeInferredTypes({ packageFolder, declarationsFolder }: InferredTypes): void {
  const api = new API({ cwd: packageFolder })
  try {
    const [project] = api.updateSnapshot({ openProjects: [join(packageFolder, "tsconfig.json")] }).getProjects()
    if (project === undefined) throw new Error(`There is no TypeScript project in ${packageFolder}`)
    const sources = join(packageFolder, "src")
    for (const source of project.program.getSourceFileNames()) {
      if (!source.startsWith(sources)) continue
      const declarations = join(declarationsFolder, relative(sources, source).replace(/\.ts$/, ".d.ts"))
      writeFileSync(declarations, withoutInference(project, source, readFileSync(declarations, "utf8")))
    }
  } finally {
    api.close()
  }
}

function withoutInference({ program, checker }: Project, source: string, declarations: string): string {
  const written = declarations.replaceAll(inferredAlias, (_line, name: string) => {
    const text = program.getSourceFile(source)?.text ?? ""
    const position = text.search(new RegExp(`(?<=^export type )${name} =`, "m"))
    const type = checker.getTypeAtPosition(source, position)
    if (type === undefined) throw new Error(`${source} has no type ${name}`)
    return `export type ${name} = ${writeType(checker, type, kept)};`
  })
  const needsJson = written !== declarations && /\bJson\b/.test(written) && !/import .*\bJson\b|export type Json\b/.test(written)
  return needsJson ? `import type { Json } from "@sluice/core";\n${written}` : written
}
