// What every npm script of the project goes through: brings the toolchain into place, then hands over to the real
// entry point. Plain JavaScript for any Node >= 18.
import { spawn } from "node:child_process"
import { constants } from "node:os"
import { join } from "node:path"
import { ensureToolchain, environment, installPackages, root } from "./toolchain.mjs"

const entries = {
  start: ["scripts/start/main.ts"],
  test: ["scripts/test/main.ts"],
  services: ["packages/devstack/src/main.ts"],
  api: ["apps/api/src/main.ts"],
  worker: ["apps/worker/src/main.ts"],
  simulator: ["packages/simulator/src/main.ts"],
  sluice: ["apps/cli/src/main.ts"],
  bench: ["apps/bench/src/main.ts"],
  backup: ["scripts/backup/main.ts", "backup"],
  restore: ["scripts/backup/main.ts", "restore"],
  chaos: ["scripts/chaos/main.ts"],
  fuzz: ["scripts/fuzz/main.ts"],
  screenshots: ["scripts/screenshots/main.ts"],
  "upgrade-data": ["scripts/upgrade-data.ts"],
  build: ["node_modules/turbo/bin/turbo", "run", "build"],
  clean: ["scripts/clean.mjs"],
  format: ["node_modules/@biomejs/biome/bin/biome", "check", "--write"],
}

const [command, ...rest] = process.argv.slice(2)
const entry = entries[command]
if (!entry) {
  console.error(`There is no command "${command ?? ""}". Commands: ${Object.keys(entries).join(", ")}.`)
  process.exit(2)
}
const tools = command === "clean" ? { node: process.execPath, pnpm: "" } : ensureToolchain()
if (command !== "clean") installPackages(tools)

const [file, ...fixed] = entry
// The command line takes paths as its user means them: npm changed to the project's folder, and notes where it was called.
const cwd = command === "sluice" ? (process.env.INIT_CWD ?? process.cwd()) : root
const child = spawn(tools.node, [join(root, file), ...fixed, ...rest], { stdio: "inherit", cwd, env: environment(tools) })
// A terminal sends Ctrl-C to the whole group and npm repeats it: the child sees a signal more than once and must not mind.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
child.on("exit", (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal]
})
