// Everything that CI checks, in the order in which it fails fastest. The last line is `N passed, N failed`.
import { spawnSync } from "node:child_process"
import { parseArgs } from "node:util"
import { countTests, type Tally } from "./count-tests.ts"

const checks = [
  { what: "types", command: ["tsc", "-p", "."] },
  { what: "types of core without Node", command: ["tsc", "-p", "packages/core"] },
  { what: "types of the client without Node", command: ["tsc", "-p", "packages/client"] },
  { what: "types of the dashboard in a browser", command: ["tsc", "-p", "apps/dashboard"] },
  { what: "format, lint and import cycles", command: ["biome", "check", "--error-on-warnings"] },
  { what: "package boundaries", command: ["turbo", "boundaries"] },
] as const

function runChecks(): Tally {
  const tally = { passed: 0, failed: 0 }
  for (const { what, command } of checks) {
    const started = performance.now()
    const [program, ...args] = command
    const { status, error } = spawnSync(program, args, { stdio: "inherit" })
    if (error) console.error(error.message)
    const outcome = status === 0 ? "ok" : "FAILED"
    console.log(`${outcome}  ${what} (${command.join(" ")}) ${Math.round(performance.now() - started)} ms`)
    tally[status === 0 ? "passed" : "failed"] += 1
  }
  return tally
}

function readFilters(): readonly string[] {
  try {
    return parseArgs({ allowPositionals: true }).positionals
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\nExpected: npm test -- FILTER.., each a part of a test file's path`)
    process.exit(2)
  }
}

/** `npm test -- FILTER..` runs only the tests whose path contains one of the filters, and no static checks. */
const positionals = readFilters()
const statics = positionals.length > 0 ? { passed: 0, failed: 0 } : runChecks()
const tests = await countTests(positionals)
const passed = statics.passed + tests.passed
const failed = statics.failed + tests.failed
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
