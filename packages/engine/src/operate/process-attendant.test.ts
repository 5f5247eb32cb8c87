import { type LogLevelOrder, QueueUnavailableError } from "@sluice/core"
import { createMemoryProcessControl, sampleProcess } from "@sluice/core/testing"
import { describe, expect, test, vi } from "vitest"
import { createProcessAttendant } from "./process-attendant.ts"

const clock = () => new Date("2026-01-01T00:00:00.000Z")
const order: LogLevelOrder = { level: "debug", of: null, until: new Date("2026-01-01T00:10:00.000Z"), by: "admin" }

function attend() {
  const control = createMemoryProcessControl({ clock })
  const heard: (LogLevelOrder | null)[] = []
  const makeProfile = vi.fn(async () => ({ kind: "written", file: "/p/a", bytes: 1 }) as const)
  const dependencies = {
    control,
    describe: () => sampleProcess(),
    heedLogLevel: (one: LogLevelOrder | null) => void heard.push(one),
    makeProfile,
  }
  const tick = createProcessAttendant({ ...dependencies, onError: (error) => expect(error).toBeUndefined() })
  return { control, heard, makeProfile, tick }
}

describe("a process that is attended to", () => {
  test("reports, and heeds what is ordered", async () => {
    const { control, heard, tick } = attend()
    await tick()
    await control.setLogLevel(order)
    await tick()
    expect(heard).toEqual([null, order])
    expect(await control.processes()).toEqual([sampleProcess()])
  })

  test("keeps to the last order while nobody can be asked, so that it runs out by its own clock", async () => {
    const { control, heard, tick } = attend()
    await control.setLogLevel(order)
    await tick()
    vi.spyOn(control, "report").mockRejectedValue(new QueueUnavailableError({ message: "Redis is away" }))
    await expect(tick()).rejects.toThrow("Redis is away")
    expect(heard).toEqual([order, order])
  })

  test("makes a profile that is ordered, once, and says what became of it", async () => {
    const { control, makeProfile, tick } = attend()
    await control.orderProfile({ id: "order-1", processId: "host-1-a", kind: "heap", durationMs: 0 })
    await tick()
    await tick()
    expect(makeProfile).toHaveBeenCalledTimes(1)
    await vi.waitFor(async () => expect(await control.profileOutcome("order-1")).toEqual({ kind: "written", file: "/p/a", bytes: 1 }))
  })
})
