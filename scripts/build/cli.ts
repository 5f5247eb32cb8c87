// Builds the published command line: one program that needs nothing installed beside it.
import { rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"
import { licencesOf } from "./licences-of.ts"

const cli = fileURLToPath(new URL("../../apps/cli/", import.meta.url))
const dist = join(cli, "dist")

rmSync(dist, { recursive: true, force: true })
await using bundle = await rolldown({
  input: join(cli, "src/main.ts"),
  platform: "node",
  tsconfig: false,
})
const { output } = await bundle.write({
  dir: dist,
  format: "es",
  minify: true,
  banner: (chunk) => (chunk.isEntry ? "#!/usr/bin/env node" : ""),
})
const modules = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []))
writeFileSync(join(dist, "licences.md"), licencesOf(modules))
