import { startVitest, type TestModule, type Vitest } from "vitest/node"

export interface Tally {
  readonly passed: number
  readonly failed: number
}

/**
 * Runs vitest and counts. A test that was skipped counts as failed: nothing skips itself silently. So does a file or a
 * suite that could not be set up, and an error that no test caught.
 */
export async function countTests(filters: readonly string[]): Promise<Tally> {
  let vitest: Vitest | undefined
  let failed = 0
  try {
    vitest = await startVitest("test", [...filters], { watch: false })
  } catch (error) {
    console.error(error)
    failed += 1
  }
  const tallies = (vitest?.state.getTestModules() ?? []).map(countModule)
  const passed = sum(tallies.map((tally) => tally.passed))
  failed += sum(tallies.map((tally) => tally.failed))
  failed += vitest?.state.getUnhandledErrors().length ?? 0
  await vitest?.close()
  // When the services could not be started there are no modules at all, only an exit code.
  if (failed === 0 && (passed === 0 || Number(process.exitCode ?? 0) !== 0)) failed = 1
  return { passed, failed }
}

function countModule(module: TestModule): Tally {
  const tests = [...module.children.allTests()]
  const skipped = tests.filter((test) => test.result().state === "skipped")
  for (const test of skipped) console.error(`Skipped, which counts as failed: ${module.relativeModuleId} ${test.fullName}`)
  const retried = tests.filter((test) => test.diagnostic()?.flaky)
  for (const test of retried) console.error(`Passed only at the second try, so look at it: ${module.relativeModuleId} ${test.fullName}`)
  const passed = tests.filter((test) => test.result().state === "passed").length
  const brokenSuites = [module, ...module.children.allSuites()].filter((suite) => suite.errors().length > 0).length
  return { passed, failed: tests.length - passed + brokenSuites }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
