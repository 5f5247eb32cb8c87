import type { LogLevelOrder } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { createLogger } from "./create-logger.ts"
import { createLevelSwitch } from "./level-switch.ts"

function open() {
  let now = 0
  const lines: string[] = []
  const logger = createLogger({ level: "info", name: "worker", destination: { write: (line) => lines.push(line) } })
  const levels = createLevelSwitch({ logger, configured: "info", kind: "worker", now: () => now })
  const order = (overrides: Partial<LogLevelOrder> = {}): LogLevelOrder => ({
    level: "debug",
    of: null,
    until: new Date(60_000),
    by: "admin",
    ...overrides,
  })
  const advanceTo = (ms: number) => {
    now = ms
  }
  return { logger, levels, lines, order, advanceTo }
}

describe("the level of the log", () => {
  test("follows an order while it stands, and says so; children too", () => {
    const { logger, levels, lines, order } = open()
    const child = logger.child({ part: "driver" })
    levels.heed(order())
    child.debug("seen")
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { msg: "another level of the log holds for a while", by: "admin" },
      { msg: "seen" },
    ])
    levels.heed(null)
    child.debug("unseen")
    expect(levels.current()).toBe("info")
    expect(lines).toHaveLength(3)
  })

  test("comes back by this process's own clock when nobody can be asked any more", () => {
    const { levels, order, advanceTo } = open()
    levels.heed(order())
    advanceTo(59_999)
    levels.heed(order())
    expect(levels.current()).toBe("debug")
    advanceTo(60_000)
    levels.heed(order())
    expect(levels.current()).toBe("info")
  })

  test("heeds no order for processes of another kind", () => {
    const { levels, order } = open()
    levels.heed(order({ of: "api" }))
    expect(levels.current()).toBe("info")
    levels.heed(order({ of: "worker", level: "silent" }))
    expect(levels.current()).toBe("silent")
  })

  test("is toggled by a signal for a quarter of an hour, beside what is ordered", () => {
    const { levels, advanceTo } = open()
    levels.toggle()
    levels.heed(null)
    expect(levels.current()).toBe("debug")
    levels.toggle()
    expect(levels.current()).toBe("info")
    levels.toggle()
    advanceTo(900_000)
    levels.heed(null)
    expect(levels.current()).toBe("info")
  })

  test("a new order counts more than a signal before it", () => {
    const { levels, order } = open()
    levels.toggle()
    levels.heed(order({ level: "warn" }))
    expect(levels.current()).toBe("warn")
  })
})
