import { expect, test } from "vitest"
import { wordsOf } from "./operations.ts"

const endpoint = { name: "eu", breaker: "closed", forced: null, changedAt: null, inFlight: 3, isDisabled: false } as const
const queue = { name: "chat", inLine: 4, delayed: 0, active: 2, isPaused: false }
const view = { endpoints: [endpoint], routes: [{ name: "chat", isPaused: false }], queues: [queue] }

test("lists are asked for anew for what changes seldom, not for each call", () => {
  const same = { ...view, endpoints: [{ ...endpoint, inFlight: 9 }], queues: [{ ...queue, inLine: 0 }] }
  expect(wordsOf(same)).toBe(wordsOf(view))
  for (const changed of [
    { ...view, endpoints: [{ ...endpoint, breaker: "open" as const }] },
    { ...view, routes: [{ name: "chat", isPaused: true }] },
    { ...view, queues: [{ ...queue, isPaused: true }] },
  ]) {
    expect(wordsOf(changed)).not.toBe(wordsOf(view))
  }
})
