import { expect, test } from "vitest"
import { pollUntil } from "./poll-until.ts"

test("ends as soon as the condition holds", async () => {
  let asked = 0
  expect(await pollUntil(() => ++asked === 3, { timeoutMs: 10_000, intervalMs: 1 })).toBe(true)
  expect(asked).toBe(3)
})

test("gives up when the time is over, after having asked at least once", async () => {
  let asked = 0
  expect(await pollUntil(async () => ++asked < 0, { timeoutMs: 0 })).toBe(false)
  expect(asked).toBe(1)
})

test("rejects with the reason of the signal", async () => {
  const controller = new AbortController()
  const polling = pollUntil(() => false, { timeoutMs: 60_000, signal: controller.signal })
  controller.abort(new Error("enough"))
  await expect(polling).rejects.toThrow()
  await expect(pollUntil(() => true, { timeoutMs: 60_000, signal: controller.signal })).rejects.toThrow("enough")
})
