// Builds the published client: one file of JavaScript and one of types, both with what they need of core, neither with zod.
import { spawnSync } from "node:child_process"
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"
import { dts } from "rolldown-plugin-dts"
import { licencesOf } from "./licences-of.ts"
import { writeInferredTypes } from "./write-inferred-types.ts"

const packages = fileURLToPath(new URL("../../packages/", import.meta.url))
const client = join(packages, "client")
const core = join(packages, "core")
const dist = join(client, "dist")

rmSync(dist, { recursive: true, force: true })
await bundleCode()
await bundleTypes()

async function bundleCode(): Promise<void> {
  await using bundle = await rolldown({
    input: join(client, "src/index.ts"),
    platform: "neutral",
    transform: { target: "es2022" },
    // Schemas are made as modules are loaded. The client needs none of them: the server's answers are not checked again.
    treeshake: { manualPureFunctions: ["z"] },
    tsconfig: join(client, "tsconfig.json"),
  })
  const { output } = await bundle.write({ dir: dist, format: "es", sourcemap: true })
  const modules = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []))
  writeFileSync(join(dist, "licences.md"), licencesOf(modules))
}

async function bundleTypes(): Promise<void> {
  const work = mkdtempSync(join(client, ".types-"))
  try {
    declare(core, join(work, "core"))
    declare(client, join(work, "client"))
    writeInferredTypes({ packageFolder: core, declarationsFolder: join(work, "core") })
    pointAtCore(work, join(work, "core/index.js"))
    await using bundle = await rolldown({
      input: join(work, "client/index.d.ts"),
      plugins: [dts({ dtsOnly: true, generator: "oxc", tsconfig: false })],
    })
    await bundle.write({ dir: dist })
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** The package's name leads to its sources; here it has to lead to the declarations. */
function pointAtCore(folder: string, entry: string): void {
  for (const name of globSync("**/*.d.ts", { cwd: folder })) {
    const file = join(folder, name)
    writeFileSync(file, readFileSync(file, "utf8").replaceAll('"@sluice/core"', JSON.stringify(entry)))
  }
}

function declare(folder: string, outDir: string): void {
  const flags = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--rewriteRelativeImportExtensions"]
  const { status, error } = spawnSync("tsc", ["-p", folder, ...flags, "--rootDir", join(folder, "src"), "--outDir", outDir], {
    stdio: "inherit",
  })
  if (error) throw error
  if (status !== 0) throw new Error(`The types of ${folder} could not be made: the compiler's message is above.`)
}
