import { sampleReplay } from "@sluice/core/testing"
import { createLogger } from "@sluice/runtime"
import { expect, test } from "vitest"
import { logDeadLetters } from "./log-dead-letters.ts"

test("the growth of the rate is one alert line, its end another, and nothing else is an alert", () => {
  const lines: Record<string, unknown>[] = []
  const write = (line: string) => void lines.push(JSON.parse(line))
  const log = logDeadLetters(createLogger({ level: "info", name: "worker", destination: { write } }))
  const report = { count: 50, usual: 3, windowMs: 300_000 }
  log.rateGrew(report)
  log.rateRecovered(report)
  log.discardedOld(4)
  log.replayEnded(sampleReplay({ requestId: "req_1" }))
  expect(lines).toMatchObject([
    { level: "error", name: "worker", alert: true, kind: "dead_letter_rate", state: "raised", ...report },
    { level: "info", name: "worker", alert: true, kind: "dead_letter_rate", state: "recovered", ...report },
    { level: "warn", count: 4 },
    { level: "info", requestId: "req_1", msg: "replay ended" },
  ])
  expect(lines.slice(2).some((line) => "alert" in line)).toBe(false)
})
