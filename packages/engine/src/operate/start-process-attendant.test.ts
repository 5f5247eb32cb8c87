import type { LogLevelOrder } from "@sluice/core"
import { createMemoryProcessControl } from "@sluice/core/testing"
import { expect, test, vi } from "vitest"
import { startProcessAttendant } from "./start-process-attendant.ts"

function started() {
  const control = createMemoryProcessControl({ clock: () => new Date() })
  const stop = new AbortController()
  const heed = vi.fn<(order: LogLevelOrder | null) => void>()
  const toggle = vi.fn()
  const levels = { configured: "info", current: () => "debug" as const, heed, toggle } as const
  const makeProfile = () => Promise.resolve({ kind: "written", file: "/p/a", bytes: 1 } as const)
  const options = { id: "w-1", kind: "worker", control, levels, makeProfile, signal: stop.signal } as const
  const attendant = startProcessAttendant({ ...options, onError: (error) => expect.unreachable(String(error)) })
  return { control, stop, toggle, heed, attendant }
}

test("tells that the process is there, heeds orders and the signal, and leaves in order", async () => {
  const { control, stop, toggle, heed, attendant } = started()
  const order = { level: "trace", of: null, until: new Date(Date.now() + 60_000), by: "key_1" } as const
  await control.setLogLevel(order)
  await expect
    .poll(() => control.processes())
    .toMatchObject([{ id: "w-1", kind: "worker", pid: process.pid, configuredLogLevel: "info", logLevel: "debug" }])
  await expect.poll(() => heed.mock.lastCall, { timeout: 5_000 }).toEqual([order])
  process.emit("SIGUSR2")
  expect(toggle).toHaveBeenCalledOnce()
  stop.abort()
  await attendant.close()
  expect(await control.processes()).toEqual([])
  expect(process.listeners("SIGUSR2")).not.toContain(toggle)
})
