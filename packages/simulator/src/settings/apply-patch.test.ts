import { describe, expect, test } from "vitest"
import { totalRate } from "../faults/schedule.ts"
import { applyPatch, requestedOutage } from "./apply-patch.ts"
import { profiles } from "./profiles.ts"
import { defaultSettings } from "./settings.ts"
import { parsePatch } from "./settings-error.ts"

function apply(...changes: unknown[]) {
  return changes.reduce<typeof defaultSettings>((settings, change) => applyPatch(settings, parsePatch(change)), defaultSettings)
}

describe("applying a change", () => {
  test("leaves what it does not name, at every level", () => {
    const settings = apply({ latency: { baseMs: 5 }, seed: 9 }, { latency: { jitterMs: 3 } })
    expect(settings.latency).toEqual({ ...defaultSettings.latency, baseMs: 5, jitterMs: 3 })
    expect(settings.seed).toBe(9)
    expect(settings.limits).toEqual(defaultSettings.limits)
  })

  test("replaces rates and lists as a whole", () => {
    const settings = apply({ faults: { rates: { hang: 0.5 } }, models: ["a", "b"] }, { faults: { rates: { reset: 0.1 } }, models: ["c"] })
    expect(settings.faults.rates).toEqual({ reset: 0.1 })
    expect(settings.models).toEqual(["c"])
  })

  test("keeps rates when another part of the faults is changed", () => {
    expect(apply({ faults: { rates: { hang: 0.5 } } }, { faults: { slowMs: 1 } }).faults).toMatchObject({ rates: { hang: 0.5 }, slowMs: 1 })
  })

  test("lets what it names win over the profile that it names", () => {
    expect(apply({ profile: "fault-mix", faults: { rates: { hang: 1 } } }).faults.rates).toEqual({ hang: 1 })
  })

  test("of a profile replaces the rates of the one before", () => {
    expect(apply({ profile: "fault-mix" }, { profile: "healthy" }).faults.rates).toEqual({})
  })

  test("asks for the outage that it names, or that its profile has", () => {
    expect(requestedOutage(parsePatch({}))).toBeUndefined()
    expect(requestedOutage(parsePatch({ outage: null }))).toBeNull()
    expect(requestedOutage(parsePatch({ profile: "outage" }))).toEqual({ mode: "unavailable", durationMs: null })
    expect(requestedOutage(parsePatch({ profile: "healthy" }))).toBeNull()
    expect(requestedOutage(parsePatch({ profile: "healthy", outage: { mode: "refuse", durationMs: 5 } }))).toEqual({
      mode: "refuse",
      durationMs: 5,
    })
  })
})

describe("a profile", () => {
  test.each(Object.entries(profiles))("%s has rates that a schedule can keep", (_, { rates }) => {
    expect(totalRate(rates)).toBeLessThanOrEqual(1)
  })

  test("fault-mix fails 15 % of all calls, as its description says", () => {
    const { rates } = profiles["fault-mix"]
    expect(rates).toMatchObject({ rate_limited: 0.05, unavailable: 0.04, hang: 0.03, reset: 0.01 })
    expect(rates.cut_json + rates.cut_body).toBe(0.02)
    expect(totalRate(rates)).toBeCloseTo(0.15, 9)
  })
})
