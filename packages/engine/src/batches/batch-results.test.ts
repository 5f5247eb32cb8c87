import type { ResultOrder } from "@sluice/core"
import { expect, test } from "vitest"
import { createBatchResults } from "./batch-results.ts"
import { createBatchesHarness, itemOf } from "./testing/batches-harness.ts"

async function setUp(size: number) {
  const h = createBatchesHarness()
  const batch = await h.created()
  await h.add(
    batch,
    Array.from({ length: size }, (_, index) => itemOf(`i${index}`)),
  )
  const read = createBatchResults({ batchJobs: h.batchJobs, clock: h.clock })
  const names = async (order: ResultOrder, after: Parameters<typeof read>[0]["after"] = null) => {
    const seen: (string | null)[] = []
    for await (const job of read({ batch: await h.found(batch), order, after })) seen.push(job.customId)
    return seen
  }
  return { ...h, batch, read, names }
}

test("gives what has ended, in either order, over many pages, and from any place on", async () => {
  const { batch, ofBatch, succeed, advance, names } = await setUp(60)
  const backwards = ofBatch(batch).toReversed().slice(0, 55)
  for (const job of backwards) {
    advance(1)
    await succeed(job)
  }
  advance(10_000)
  const submitted = Array.from({ length: 55 }, (_, index) => `i${index + 5}`)
  expect(await names("submitted")).toEqual(submitted)
  expect(await names("completed")).toEqual(submitted.toReversed())
  const last = ofBatch(batch)[30]
  if (last?.status !== "succeeded") throw new Error("not ended")
  const after = { endedAt: last.finishedAt, jobId: last.id }
  expect(await names("submitted", after)).toEqual(submitted.slice(26))
  expect(await names("completed", after)).toEqual(submitted.toReversed().slice(30))
})

test("keeps back what ended a moment ago, in the order of completion, until the batch is complete", async () => {
  const { batch, ofBatch, succeed, advance, names, tenderAs } = await setUp(1)
  const [job] = ofBatch(batch)
  if (job) await succeed(job)
  expect([await names("completed"), await names("submitted")]).toEqual([[], ["i0"]])
  advance(2_000)
  expect(await names("completed")).toEqual(["i0"])
  const other = await setUp(1)
  const [second] = other.ofBatch(other.batch)
  if (second) await other.succeed(second)
  await other.tenderAs("w")()
  expect(await other.names("completed")).toEqual(["i0"])
  expect(await tenderAs("w")()).toEqual({ led: true })
})

test("reads a page from the store only when the one before has been taken", async () => {
  const { batch, batchJobs, ofBatch, succeed, advance, read } = await setUp(60)
  for (const job of ofBatch(batch)) await succeed(job)
  advance(10_000)
  const loaded: number[] = []
  const { load } = batchJobs
  batchJobs.load = (request) => {
    loaded.push(request.ids.length)
    return load(request)
  }
  const results = read({ batch, order: "submitted", after: null })
  await results.next()
  expect(loaded).toEqual([25])
  for (let taken = 0; taken < 24; taken += 1) await results.next()
  expect(loaded).toEqual([25])
  await results.next()
  expect(loaded).toEqual([25, 25])
  await results.return(undefined)
})
