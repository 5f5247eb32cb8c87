import { noOrigin, type QueuedJob, StorageUnavailableError } from "@sluice/core"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { IncomingItem } from "./prepare-item.ts"
import { chatInput, createBatchesHarness, itemOf, lines } from "./testing/batches-harness.ts"

const three = [itemOf("a"), itemOf("b"), itemOf("c")]

describe("adding items", () => {
  test("stores each as a job of the batch, in their order, enqueues them as bulk, and closes the batch", async () => {
    const { created, add, ofBatch, queue, found } = createBatchesHarness()
    const batch = await created()
    expect(await add(batch, three)).toEqual({ accepted: 3, existing: 0, failed: 0, refused: [] })
    const jobs = ofBatch(batch)
    expect(jobs.map(({ customId }) => customId)).toEqual(["a", "b", "c"])
    expect(jobs[0]).toMatchObject({ batchId: batch.id, options: { priority: "bulk" }, idempotencyExpiresAt: null, status: "queued" })
    expect(queue.entries().map(({ id, priority }) => [id, priority])).toEqual(jobs.map(({ id }) => [id, "bulk"]))
    expect(await found(batch)).toMatchObject({ isClosed: true, submission: 1 })
  })

  test("takes what an item leaves out from the batch", async () => {
    const { created, add, ofBatch } = createBatchesHarness()
    const defaults = {
      route: "chat",
      options: { priority: "standard", cache: "off", task: "summary" },
      metadata: { a: "1", b: "1" },
      webhook: { url: "https://app.example/jobs" },
    } as const
    const batch = await created({ defaults })
    const own = { input: chatInput("x"), options: { cache: "refresh", task: null }, metadata: { b: "2" } }
    await add(batch, [itemOf("a", { input: chatInput("x") }), itemOf("b", own)])
    expect(ofBatch(batch)).toMatchObject([
      {
        route: "chat",
        options: { priority: "standard", cache: "off" },
        metadata: { a: "1", b: "1" },
        webhook: { url: "https://app.example/jobs" },
      },
      { options: { priority: "standard", cache: "refresh", task: "summary" }, metadata: { a: "1", b: "2" } },
    ])
  })

  test("says of each that is wrong where it stands and why, and takes the others", async () => {
    const { created, add, ofBatch, found } = createBatchesHarness()
    const batch = await created()
    const unreadable: IncomingItem = { line: 9, unreadable: { kind: "unreadable", code: "malformed_json", errors: [] } }
    const values = [
      itemOf("ok"),
      itemOf("r", { route: "nope", input: chatInput("x") }),
      itemOf("i", { route: "chat", input: { texts: [] } }),
      itemOf("n", { input: chatInput("x") }),
      { customId: "", job: { route: "chat", input: 1 } },
      itemOf("w", { route: "chat", input: chatInput("x"), webhook: { url: "http://app.example" } }),
      itemOf("ok", { route: "chat", input: chatInput("another") }),
      itemOf("ok"),
    ]
    expect(await add(batch, cut([...lines(values), unreadable], null))).toEqual({
      accepted: 1,
      existing: 1,
      failed: 7,
      refused: [
        [2, "route_unknown"],
        [3, "invalid_input"],
        [4, "route_missing"],
        [5, "invalid"],
        [6, "invalid_webhook"],
        [9, "unreadable"],
        [7, "custom_id_reused"],
      ],
    })
    expect(ofBatch(batch)).toHaveLength(1)
    expect(await found(batch)).toMatchObject({ isClosed: true })
  })

  test("takes as many as the tenant has places for, and stays open for the others", async () => {
    const harness = createBatchesHarness({ places: 1, chunk: { maxItems: 2, maxBytes: 1_000_000 } })
    const { created, add, ofBatch, found } = harness
    const batch = await created()
    const full = { accepted: 1, failed: 2, refused: [[2, "tenant_queue_full"] as const, [3, "tenant_queue_full"] as const] }
    expect(await add(batch, three)).toMatchObject(full)
    expect(await found(batch)).toMatchObject({ isClosed: false })
    expect(await add(batch, three)).toMatchObject({ ...full, accepted: 0, existing: 1 })
    harness.places = 5
    expect(await add(batch, three)).toMatchObject({ accepted: 2, existing: 1, failed: 0 })
    expect(ofBatch(batch)).toHaveLength(3)
    expect(harness.places).toBe(3)
    expect(await found(batch)).toMatchObject({ isClosed: true })
  })

  test("gives back the places of what could not be stored", async () => {
    const harness = createBatchesHarness({ places: 3 })
    const { created, add, jobs } = harness
    const { insert } = jobs
    jobs.insert = (job) => (job.customId === "b" ? Promise.reject(new StorageUnavailableError({ message: "away" })) : insert(job))
    await expect(add(await created(), three)).rejects.toThrow(StorageUnavailableError)
    expect(harness.places).toBe(1)
  })

  test("adds nothing twice, whatever is sent again, in whatever groups, cut off wherever", async () => {
    const customId = fc.constantFrom("a", "b", "c", "d", "e")
    const sending = fc.record({ ids: fc.array(customId, { maxLength: 12 }), cutAfter: fc.option(fc.nat(12)) })
    await fc.assert(
      fc.asyncProperty(fc.array(sending, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 4 }), async (sendings, maxItems) => {
        const { created, add, ofBatch, queue } = createBatchesHarness({ chunk: { maxItems, maxBytes: 1_000_000 } })
        const batch = await created()
        for (const { ids, cutAfter } of sendings) {
          await add(batch, cut(lines(ids.map((id) => itemOf(id))), cutAfter)).catch((error: unknown) => expect(error).toBe(cutOff))
        }
        const sent = new Set(sendings.filter(({ cutAfter }) => cutAfter === null).flatMap(({ ids }) => ids))
        const stored = ofBatch(batch).map((job) => job.customId ?? "")
        expect(stored.length).toBe(new Set(stored).size)
        expect(stored).toEqual(expect.arrayContaining([...sent]))
        expect(queue.entries()).toHaveLength(stored.length)
      }),
      { numRuns: 60 },
    )
  })

  test("keeps what was accepted before the body was cut off, and goes on from there", async () => {
    const { created, add, ofBatch, found } = createBatchesHarness({ chunk: { maxItems: 2, maxBytes: 1_000_000 } })
    const batch = await created()
    const values = ["a", "b", "c", "d", "e"].map((id) => itemOf(id))
    await expect(add(batch, cut(lines(values), 5))).rejects.toBe(cutOff)
    const kept = ofBatch(batch).length
    expect(kept).toBeGreaterThanOrEqual(2)
    expect(await found(batch)).toMatchObject({ isClosed: false })
    expect(await add(batch, values)).toMatchObject({ accepted: 5 - kept, existing: kept, failed: 0 })
    expect(await found(batch)).toMatchObject({ isClosed: true })
  })

  test("reads no further than the next group while one is being stored", async () => {
    const h = createBatchesHarness({ chunk: { maxItems: 10, maxBytes: 1_000_000 } })
    const batch = await h.created()
    const gate = Promise.withResolvers<void>()
    const { insert } = h.jobs
    h.jobs.insert = async (job: QueuedJob) => {
      await gate.promise
      return await insert(job)
    }
    let read = 0
    async function* many(): AsyncGenerator<IncomingItem> {
      for (const item of lines(Array.from({ length: 200 }, (_, index) => itemOf(`i${index}`)))) {
        read += 1
        yield item
      }
    }
    const adding = h.add(batch, many())
    for (let turn = 0; turn < 500; turn += 1) await Promise.resolve()
    await new Promise((resolve) => setImmediate(resolve))
    // Ten are being stored, ten are ready, and one is in hand.
    expect(read).toBe(21)
    gate.resolve()
    expect(await adding).toMatchObject({ accepted: 200 })
  })

  test("is accepted when the queue is away: a sweep will find the jobs", async () => {
    const { created, add, unqueued } = createBatchesHarness({ queueFails: true })
    expect(await add(await created(), three)).toMatchObject({ accepted: 3 })
    expect(unqueued).toHaveLength(3)
  })

  test("rejects when the store is away, having enqueued what it took", async () => {
    const h = createBatchesHarness()
    const batch = await h.created()
    const { insert } = h.jobs
    h.jobs.insert = (job: QueuedJob) =>
      job.customId === "b" ? Promise.reject(new StorageUnavailableError({ message: "away" })) : insert(job)
    await expect(h.add(batch, three)).rejects.toBeInstanceOf(StorageUnavailableError)
    expect(h.queue.entries()).toHaveLength(2)
    expect(await h.found(batch)).toMatchObject({ isClosed: false })
  })
})

describe("a batch takes no more", () => {
  test("items than it may have, in one request or in all", async () => {
    const { created, add, ofBatch, found } = createBatchesHarness({ maxItems: 100, chunk: { maxItems: 30, maxBytes: 1_000_000 } })
    const batch = await created()
    const many = Array.from({ length: 101 }, (_, index) => itemOf(`i${index}`))
    expect(await add(batch, many)).toMatchObject({ accepted: 100, failed: 1, refused: [[101, "batch_full"]] })
    expect(await found(batch)).toMatchObject({ isClosed: false })
    expect(await add(batch, [itemOf("more"), itemOf("i0")])).toMatchObject({ accepted: 0, existing: 1, refused: [[1, "batch_full"]] })
    expect(ofBatch(batch)).toHaveLength(100)
  })

  test("new items once it is complete or cancelled, but knows those that it has", async () => {
    const h = createBatchesHarness()
    const batch = await h.created()
    await h.add(batch, three)
    await h.cancel(batch)
    expect(await h.add(await h.found(batch), [...three, itemOf("d")])).toMatchObject({ existing: 3, refused: [[4, "batch_ended"]] })
    expect(h.ofBatch(batch).map(({ status }) => status)).toEqual(["cancelled", "cancelled", "cancelled"])
  })
})

test("a batch is found again by its idempotency key, and its settings have to be the same", async () => {
  const { create, created } = createBatchesHarness()
  const command = { tenantId: "default", idempotencyKey: "k", defaults: { route: "chat" }, webhook: null, metadata: {}, ...noOrigin }
  const { id } = await created(command)
  expect(await create(command)).toMatchObject({ kind: "existing", batch: { id } })
  expect(await create({ ...command, metadata: { a: "1" } })).toEqual({ kind: "key_reused", batchId: id })
  expect(await create({ ...command, tenantId: "other" })).toMatchObject({ kind: "created" })
  expect(await create({ ...command, webhook: { url: "http://x.example" } })).toMatchObject({ kind: "invalid_webhook", field: "webhook" })
})

const cutOff = new Error("cut off")

/** The items up to a place, where the connection ends. */
async function* cut(items: readonly IncomingItem[], after: number | null): AsyncGenerator<IncomingItem> {
  for (const [index, item] of items.entries()) {
    if (index === after) throw cutOff
    // What was stored meanwhile is stored: the body comes slowly.
    await new Promise((resolve) => setImmediate(resolve))
    yield item
  }
  if (after !== null && after >= items.length) throw cutOff
}
