import { describe, expect, test } from "vitest"
import { parsePatch, SettingsError } from "./settings-error.ts"

function problemsOf(input: unknown): readonly string[] {
  try {
    parsePatch(input)
  } catch (error) {
    if (error instanceof SettingsError) return error.problems
    throw error
  }
  return []
}

describe("a change to the settings", () => {
  test("may be empty", () => {
    expect(parsePatch({})).toEqual({})
  })

  test("takes the names of outcomes for steps of a script", () => {
    expect(parsePatch({ script: ["ok", { outcome: "slow", slowMs: 5, times: 2 }] }).script).toEqual([
      { outcome: "ok", times: 1 },
      { outcome: "slow", slowMs: 5, times: 2 },
    ])
  })

  test.each<[unknown, RegExp]>([
    [{ sed: 1 }, /^sed is not a setting; there is profile, seed, .*script\.$/],
    [{ faults: { rate: {} } }, /^faults\.rate is not a setting; there is rates, retryAfterMs, slowMs, refuseMs\.$/],
    [{ faults: { rates: { hangs: 0.1 } } }, /^faults\.rates\.hangs is not a setting; there is ok, rate_limited, .*not_json\.$/],
    [{ script: [{ outcome: "ok", time: 2 }] }, /^script\.0\.time is not a setting; there is outcome, times, /],
    [{ outage: { mode: "refuse", durationMs: 1, until: 2 } }, /^outage\.until is not a setting; there is mode, durationMs\.$/],
    [{ faults: { rates: { hang: 0.6, reset: 0.6 } } }, /^faults\.rates: the rates add up to more than 1\.$/],
    [{ faults: { rates: { hang: -0.5 } } }, /^faults\.rates\.hang: .*>=0/],
    [{ latency: { baseMs: -1 } }, /^latency\.baseMs: .*>=0/],
    [{ script: ["explode"] }, /^script\.0: .*expected one of "ok"\|"rate_limited"/],
    [{ profile: "nice" }, /^profile: .*"healthy"\|"fault-mix"/],
    [{ seed: 0.5 }, /^seed: /],
    [{ seed: undefined }, /^seed: /],
    [null, /^The whole: .*expected object, received null/],
  ])("%j is refused with what is wrong", (input, expected) => {
    expect(problemsOf(input)).toEqual([expect.stringMatching(expected)])
  })

  test("is refused with all that is wrong at once", () => {
    expect(problemsOf({ seed: -1, nonsense: true, latency: { jitterMs: "a" } })).toHaveLength(3)
  })
})
