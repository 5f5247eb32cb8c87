import { describe, expect, test } from "vitest"
import { bookStart, configureGroup, countStart, type Group, groupWaitMs, newGroup } from "./group.ts"
import { type GroupResult, settleGroup } from "./settle-group.ts"

const at = Date.UTC(2026, 10, 20, 18, 0, 0)
const success: GroupResult = {
  outcome: "success",
  latencyMs: 0,
  tokensReserved: 100,
  tokensUsed: null,
  throttled: false,
  retryAfterMs: null,
  reported: null,
}
const refused: GroupResult = { ...success, outcome: "ignore", throttled: true }
const nothingLeft = { requests: { limit: null, remaining: 0, resetMs: null }, tokens: null }

/** A group with so many calls started in the present second. */
function groupWith({ starts, requests = 6_000 }: { readonly starts: number; readonly requests?: number | null }): Group {
  const fresh = configureGroup(newGroup(at), { version: 1, perMinute: { requests, tokens: 60_000 }, nowMs: at })
  return Array.from({ length: starts }).reduce<Group>((group) => countStart(group, 100, at), fresh)
}

describe("a refusal", () => {
  test("that stands alone delays nobody else", () => {
    const group = settleGroup(groupWith({ starts: 20 }), { ...refused, retryAfterMs: 9_000 }, at)
    expect(groupWaitMs(group, at)).toBe(0)
  })

  test("pauses the group for as long as the provider says, when that says that nothing is left", () => {
    const group = settleGroup(groupWith({ starts: 20 }), { ...refused, retryAfterMs: 9_000, reported: nothingLeft }, at)
    expect(groupWaitMs(group, at)).toBe(9_000)
  })

  test("pauses the group when it is the second, and they are a fifth of the last second's calls", () => {
    const twice = (starts: number) => settleGroup(settleGroup(groupWith({ starts }), refused, at), { ...refused, retryAfterMs: 9_000 }, at)
    expect(twice(10).pausedUntilMs).toBe(at + 9_000)
    expect(twice(11).pausedUntilMs).toBe(0)
  })

  test("pauses longer each time when the provider names no end, and anew after a success", () => {
    const often = (group: Group, times: number): number[] =>
      times === 0
        ? []
        : [settleGroup(group, { ...refused, reported: nothingLeft }, at)].flatMap((paused) => {
            const after = { ...paused, pausedUntilMs: 0 }
            return [paused.pausedUntilMs - at, ...often(after, times - 1)]
          })
    expect(often(groupWith({ starts: 20 }), 7)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
    const paused = settleGroup(groupWith({ starts: 20 }), { ...refused, reported: nothingLeft }, at)
    expect(often({ ...settleGroup(paused, success, at), pausedUntilMs: 0 }, 1)).toEqual([1_000])
  })

  test("never makes a pause shorter, nor longer than an hour", () => {
    const long = settleGroup(groupWith({ starts: 2 }), { ...refused, retryAfterMs: 60_000, reported: nothingLeft }, at)
    expect(settleGroup(long, { ...refused, retryAfterMs: 1_000, reported: nothingLeft }, at).pausedUntilMs).toBe(at + 60_000)
    const day = settleGroup(groupWith({ starts: 2 }), { ...refused, retryAfterMs: 86_400_000, reported: nothingLeft }, at)
    expect(day.pausedUntilMs).toBe(at + 3_600_000)
  })

  test("that comes with a lower limit than known changes the limit and not the learned rate", () => {
    const lower = { requests: { limit: 600, remaining: 0, resetMs: null }, tokens: null }
    const once = settleGroup(groupWith({ starts: 50 }), { ...refused, reported: lower }, at)
    expect(once.limits.reported.requests).toBe(600)
    expect(once.learned.perMinute).toBeNull()
  })

  test("cuts the rate when it is clearly more than chance", () => {
    const refusedTimes = (starts: number, times: number) =>
      Array.from({ length: times }).reduce<Group>((group) => settleGroup(group, refused, at), groupWith({ starts }))
    expect(refusedTimes(50, 8).learned.perMinute).toBeNull()
    expect(refusedTimes(50, 9).learned.perMinute).toBeCloseTo(51 * 60 * 0.75, -3)
  })
})

describe("a report", () => {
  test("of what is left lowers the buckets, with what was refilled since the call began added", () => {
    const idle = configureGroup(groupWith({ starts: 0 }), {
      version: 1,
      perMinute: { requests: 6_000, tokens: 60_000 },
      nowMs: at + 60_000,
    })
    const report = { requests: { limit: null, remaining: 3, resetMs: null }, tokens: { limit: null, remaining: 20, resetMs: null } }
    const told = settleGroup(idle, { ...success, reported: report }, at + 60_000)
    expect(told.bucket).toMatchObject({ requests: 3, tokens: 20 })
    const later = settleGroup(idle, { ...success, latencyMs: 100, reported: report }, at + 60_000)
    expect(later.bucket.requests).toBeCloseTo(3 + 9.85)
  })

  test("of more than is known to be left changes nothing", () => {
    const group = bookStart(groupWith({ starts: 1 }), 0)
    const report = { requests: { limit: 9_000, remaining: 8_999, resetMs: null }, tokens: null }
    expect(settleGroup(group, { ...success, reported: report }, at).bucket).toEqual(group.bucket)
  })
})

test("tokens that were reserved and not used come back, and those used beyond are owed", () => {
  const group = bookStart(groupWith({ starts: 1 }), 2_000)
  expect(groupWaitMs(group, at)).toBeCloseTo(2_000 / 0.985, 6)
  const spared = settleGroup(group, { ...success, tokensReserved: 2_000, tokensUsed: 500 }, at)
  expect(groupWaitMs(spared, at)).toBeCloseTo(500 / 0.985, 6)
  const owed = settleGroup(group, { ...success, tokensReserved: 2_000, tokensUsed: 3_000 }, at)
  expect(groupWaitMs(owed, at)).toBeCloseTo(3_000 / 0.985, 6)
})
