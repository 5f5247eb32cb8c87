import { describe, expect, test } from "vitest"
import { type DisabledCredential, disableCredential, probeCredential } from "./credential.ts"

const at = 1_000_000
const reject = { reason: "credential", lease: "one", retryAfterMs: null } as const

function probed(state: DisabledCredential, lease: string): DisabledCredential {
  return { ...state, probe: { lease, untilMs: state.untilMs + 60_000 } }
}

describe("a rejected credential", () => {
  test("is tried again after a time that doubles, up to ten minutes", () => {
    let state = disableCredential(null, { ...reject, nowMs: at })
    expect(state.untilMs).toBe(at + 30_000)
    const waits = Array.from({ length: 7 }, () => {
      const nowMs = state.untilMs
      state = disableCredential(probed(state, "probe"), { ...reject, lease: "probe", nowMs })
      return state.untilMs - nowMs
    })
    expect(waits).toEqual([60_000, 120_000, 240_000, 480_000, 600_000, 600_000, 600_000])
    expect(state).toMatchObject({ sinceMs: at, times: 8, probe: null })
  })

  test("is not disabled again by calls that were under way", () => {
    const state = disableCredential(null, { ...reject, nowMs: at })
    expect(disableCredential(state, { ...reject, lease: "two", nowMs: at + 29_999 })).toBe(state)
  })

  test("is left alone for as long as the provider says, an hour at most", () => {
    expect(disableCredential(null, { ...reject, retryAfterMs: 90_000, nowMs: at }).untilMs).toBe(at + 90_000)
    expect(disableCredential(null, { ...reject, retryAfterMs: 1_000, nowMs: at }).untilMs).toBe(at + 30_000)
    expect(disableCredential(null, { ...reject, retryAfterMs: 86_400_000, nowMs: at }).untilMs).toBe(at + 3_600_000)
  })

  test("is enabled by its probe, and by no other call", () => {
    const state = probed(disableCredential(null, { ...reject, nowMs: at }), "probe")
    expect(probeCredential(state, { lease: "other", isAccepted: true })).toBe(state)
    expect(probeCredential(state, { lease: "probe", isAccepted: true })).toBeNull()
    expect(probeCredential(state, { lease: "probe", isAccepted: false })).toEqual({ ...state, probe: null })
  })
})
