import { expect, test } from "vitest"
import { reconnectDelayMs } from "./open-connection.ts"

test("attempts to reconnect begin at once, are never more than 1.2 s apart, and spread", () => {
  const delays = (random: number): number[] => [1, 2, 3, 5, 10, 5_000].map((attempt) => reconnectDelayMs(attempt, () => random))
  expect(delays(0)).toEqual([50, 100, 200, 800, 1_000, 1_000])
  expect(delays(1)).toEqual([60, 120, 240, 960, 1_200, 1_200])
})
