import { createMemoryWorkerRegistry } from "@sluice/core/testing"
import { createLogger } from "@sluice/runtime"
import { expect, test, vi } from "vitest"
import { startHeartbeat } from "./start-heartbeat.ts"

const logger = createLogger({ level: "silent", name: "test" })

function setUp() {
  const workers = createMemoryWorkerRegistry({ clock: () => new Date() })
  return { workers, start: () => startHeartbeat({ workers, workerId: "w-1", logger, everyMs: 5, ttlMs: 500 }) }
}

test("a worker lives from before its start is over until it stops, and is gone then", async () => {
  const { workers, start } = setUp()
  const beat = vi.spyOn(workers, "beat")
  const stop = await start()
  expect(await workers.live()).toEqual(["w-1"])
  await vi.waitFor(() => expect(beat.mock.calls.length).toBeGreaterThan(5))
  expect(await workers.live()).toEqual(["w-1"])
  await stop()
  expect(await workers.live()).toEqual([])
  const beats = beat.mock.calls.length
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(beat).toHaveBeenCalledTimes(beats)
})

test("signs of life that cannot be written are tried again; the worker goes on meanwhile", async () => {
  const { workers, start } = setUp()
  const beat = vi.spyOn(workers, "beat").mockRejectedValue(new Error("away"))
  const stop = await start()
  await vi.waitFor(() => expect(beat.mock.calls.length).toBeGreaterThan(2))
  expect(await workers.live()).toEqual([])
  beat.mockRestore()
  await vi.waitFor(async () => expect(await workers.live()).toEqual(["w-1"]))
  await stop()
})
