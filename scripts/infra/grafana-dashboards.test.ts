import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, test } from "vitest"
import { infra } from "./manifests.ts"

const boards = join(infra, "grafana/dashboards")
const folder = mkdtempSync(join(tmpdir(), "sluice-grafana-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
symlinkSync(fileURLToPath(new URL("../../node_modules", import.meta.url)), join(folder, "node_modules"))

/** Grafana publishes its schema as types; a file of JSON writes what is an enumeration there as the text behind it. */
const schema = `
import type { Dashboard } from "@grafana/schema/dist/esm/raw/dashboard/x/Dashboard_types.gen"

type Written<T> = T extends string ? \`\${T}\` : T extends readonly (infer Item)[] ? Written<Item>[] : T extends object ? { [Key in keyof T]: Written<T[Key]> } : T
export type Board = Written<Dashboard>
`
const tsconfig = {
  compilerOptions: {
    module: "esnext",
    moduleResolution: "bundler",
    target: "es2022",
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  },
  include: ["*.ts"],
}

/** What the compiler says against a dashboard, nothing if it is as Grafana's schema has it. */
function faultsOf(name: string, board: string): string {
  const project = join(folder, name)
  mkdirSync(project)
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify(tsconfig))
  writeFileSync(join(project, "schema.ts"), schema)
  writeFileSync(join(project, "board.ts"), `import type { Board } from "./schema"\nexport const board: Board = ${board}`)
  return spawnSync("tsc", ["-p", project], { encoding: "utf8" }).stdout
}

describe("Grafana's dashboards", () => {
  const files = readdirSync(boards)
  test.each(files)("%s is as Grafana's schema has it", (file) => {
    expect(faultsOf(file, readFileSync(join(boards, file), "utf8"))).toBe("")
  })

  test.each([
    ["an unknown part", { panel: [] }, `'"panel"' does not exist`],
    ["a panel without a type", { panels: [{ id: 1, title: "Jobs" }] }, "is missing the following properties"],
    [
      "a mode that is none",
      { panels: [{ type: "stat", fieldConfig: { defaults: { color: { mode: "bright" } }, overrides: [] } }] },
      "bright",
    ],
  ])("%s would be found", (name, part, fault) => {
    expect(faultsOf(name, JSON.stringify({ schemaVersion: 41, ...part }))).toContain(fault)
  })
})
