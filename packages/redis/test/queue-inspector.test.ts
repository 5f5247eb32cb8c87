import type { ProcessEntry, ProcessOutcome } from "@sluice/core"
import { describe, expect, test, vi } from "vitest"
import { createJobQueue, createQueueInspector, createRouteWorker, openQueueViews } from "../src/index.ts"
import { connectForTest, connectToSharedRedis, keysOf } from "./support/connect.ts"
import { newEntries, newEntry } from "./support/entries.ts"

const done: ProcessOutcome = { kind: "done" }

describe("queue inspector", () => {
  test("counts what is in each queue, and knows the oldest that waits", async () => {
    const { redis } = await connectToSharedRedis()
    const inspector = createQueueInspector({ redis })
    const first = new Date(Date.now() - 60_000)
    await createJobQueue({ redis, now: () => first }).enqueue(newEntries(2))
    await createJobQueue({ redis }).enqueue([...newEntries(3), newEntry({ notBefore: new Date(Date.now() + 60_000) })])
    const empty = { waiting: 0, prioritized: 0, delayed: 0, active: 0, paused: false, oldestWaitingSince: null }
    expect(await inspector.states(["chat", "other"])).toEqual([
      { route: "chat", ...empty, prioritized: 5, delayed: 1, oldestWaitingSince: first },
      { route: "other", ...empty },
    ])
    const gate = Promise.withResolvers<ProcessOutcome>()
    createRouteWorker({ redis, route: "chat", concurrency: 2, process: () => gate.promise })
    await vi.waitFor(async () => expect((await inspector.states(["chat"]))[0]).toMatchObject({ active: 2, prioritized: 3 }))
    gate.resolve(done)
  })

  test("a paused queue gives out nothing, also of what comes later, until it is resumed; what runs goes on", async () => {
    const { redis } = await connectToSharedRedis()
    const inspector = createQueueInspector({ redis })
    const queue = createJobQueue({ redis })
    const gate = Promise.withResolvers<ProcessOutcome>()
    const process = vi.fn<ProcessEntry>(() => gate.promise)
    createRouteWorker({ redis, route: "chat", concurrency: 10, process, drainDelayMs: 500 })
    await queue.enqueue([newEntry()])
    await vi.waitFor(() => expect(process).toHaveBeenCalledTimes(1))

    await inspector.setPaused({ route: "chat", paused: true })
    await inspector.setPaused({ route: "chat", paused: true })
    await queue.enqueue(newEntries(5))
    gate.resolve(done)
    // A second worker and a few fetches would have taken them by now.
    const second = createRouteWorker({ redis, route: "chat", concurrency: 10, process, drainDelayMs: 500 })
    await second.ready()
    await vi.waitFor(async () => expect((await inspector.states(["chat"]))[0]).toMatchObject({ active: 0, prioritized: 5, paused: true }))
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    expect(process).toHaveBeenCalledTimes(1)

    await inspector.setPaused({ route: "chat", paused: false })
    await vi.waitFor(() => expect(process).toHaveBeenCalledTimes(6), { timeout: 10_000 })
    expect((await inspector.states(["chat"]))[0]).toMatchObject({ paused: false })
  })

  test("says so when Redis does not answer", async () => {
    const { redis } = connectForTest({ url: "redis://127.0.0.1:1" })
    await expect(createQueueInspector({ redis }).states(["chat"])).rejects.toMatchObject({ name: "QueueUnavailableError" })
  })
})

test("a queue that is only looked at is written nothing", async () => {
  const { redis, client } = await connectToSharedRedis()
  await createJobQueue({ redis }).enqueue([newEntry()])
  const meta = async () => await client.hgetall(`${redis.namespace}:{route-chat}:meta`)
  const [keys, before] = [await keysOf(client, redis.namespace), await meta()]
  const queue = openQueueViews({ redis }).of("chat")
  await vi.waitFor(async () => expect(await queue.getJobCounts("prioritized")).toEqual({ prioritized: 1 }))
  expect([await keysOf(client, redis.namespace), await meta()]).toEqual([keys, before])
})
