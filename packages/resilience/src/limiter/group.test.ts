import fc from "fast-check"
import { describe, expect, test } from "vitest"
import {
  bookingWaitMs,
  bookStart,
  configureGroup,
  countStart,
  type Group,
  giveStartBack,
  groupWaitMs,
  hasRoomNow,
  newGroup,
  pauseGroup,
} from "./group.ts"

/** 100 requests per second, all of them usable. */
const perMinute = { requests: 6_000 / 0.985, tokens: null }

function groupAt(nowMs: number, group: Group = newGroup(0)): Group {
  return configureGroup(group, { version: 1, perMinute, nowMs })
}

function booked(group: Group, count: number): Group {
  return count === 0 ? group : booked(bookStart(group, 0), count - 1)
}

describe("a booking", () => {
  test("waits for what was booked before it, and not for what comes after", () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), (before, after) => {
        const earlier = booked(groupAt(0), before)
        const later = booked(bookStart(earlier, 0), after)
        expect(bookingWaitMs(later, earlier.booked, 0)).toBeCloseTo(groupWaitMs(earlier, 0), 6)
      }),
    )
  })

  test("comes due as time passes", () => {
    const earlier = booked(groupAt(0), 50)
    const later = groupAt(400, booked(earlier, 10))
    expect(bookingWaitMs(later, earlier.booked, 400)).toBeCloseTo(100, 6)
    expect(bookingWaitMs(groupAt(500, later), earlier.booked, 500)).toBeCloseTo(0, 6)
  })

  test("moves with a pause, in its order", () => {
    const first = booked(groupAt(0), 50)
    const second = booked(first, 20)
    const paused = pauseGroup(booked(second, 5), 10_000)
    expect(bookingWaitMs(paused, first.booked, 0)).toBeCloseTo(10_500, 6)
    expect(bookingWaitMs(paused, second.booked, 0)).toBeCloseTo(10_700, 6)
  })
})

describe("a start that is given back", () => {
  test("can be had by another if nobody is booked behind it", () => {
    const group = bookStart(groupAt(0), 0)
    expect(groupWaitMs(group, 0)).toBeGreaterThan(0)
    expect(groupWaitMs(giveStartBack(group, 0), 0)).toBe(0)
  })

  test("is lost if others are, who would else start beside one more", () => {
    const group = booked(groupAt(0), 3)
    expect(groupWaitMs(giveStartBack(group, 0), 0)).toBe(groupWaitMs(group, 0))
  })

  test("never makes more than a burst of it", () => {
    const idle = groupAt(60_000, groupAt(0))
    expect(giveStartBack(idle, 0).bucket).toEqual(idle.bucket)
  })
})

test("there is room while the last seconds had fewer starts than the rate and one burst allow", () => {
  let group = groupAt(5_000)
  let starts = 0
  while (hasRoomNow(group, 5_000) && starts < 1_000) {
    group = countStart(group, 0, 5_000)
    starts += 1
  }
  expect(starts).toBe(200)
  expect(hasRoomNow(group, 7_000)).toBe(true)
})

test("an older configuration changes nothing", () => {
  const group = groupAt(0)
  const perMinuteThen = { requests: 1, tokens: 1 }
  expect(configureGroup(group, { version: 0, perMinute: perMinuteThen, nowMs: 0 }).limits).toBe(group.limits)
})
