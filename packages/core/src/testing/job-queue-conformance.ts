import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { JobQueue } from "../ports/job-queue.ts"
import { sampleQueueEntry } from "./sample-queue-entry.ts"

export interface QueueUnderTest {
  readonly queue: JobQueue
  /** Ids and runs of what is in the queue of a route, in whatever state. */
  readonly contents: (route: string) => Promise<readonly string[]>
  readonly close: () => Promise<void>
}

/** What every `JobQueue` promises. */
export function jobQueueConformance(name: string, open: () => Promise<QueueUnderTest>): void {
  describe(`${name} as a JobQueue`, () => {
    let opened: QueueUnderTest
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())
    const sorted = async (route: string) => (await opened.contents(route)).toSorted()

    test("holds each entry once, however often and however concurrently it is added", async () => {
      const entries = ["a", "b", "c"].map((id) => sampleQueueEntry({ id, route: "once" }))
      await Promise.all(Array.from({ length: 20 }, () => opened.queue.enqueue(entries)))
      await opened.queue.enqueue([...entries, ...entries])
      expect(await sorted("once")).toEqual(["a-1", "b-1", "c-1"])
    })

    test("tells runs and routes apart", async () => {
      await opened.queue.enqueue([
        sampleQueueEntry({ route: "one" }),
        sampleQueueEntry({ route: "one", run: 2 }),
        sampleQueueEntry({ route: "two" }),
      ])
      expect(await sorted("one")).toEqual(["job_1-1", "job_1-2"])
      expect(await sorted("two")).toEqual(["job_1-1"])
    })

    test("removes what waits, also what is due later, and minds nothing that is not there", async () => {
      const soon = sampleQueueEntry({ route: "remove", id: "soon" })
      const later = sampleQueueEntry({ route: "remove", id: "later", notBefore: new Date(Date.now() + 3_600_000) })
      await opened.queue.enqueue([soon, later])
      expect(await sorted("remove")).toEqual(["later-1", "soon-1"])
      await opened.queue.remove(later)
      await opened.queue.remove(later)
      expect(await sorted("remove")).toEqual(["soon-1"])
      await opened.queue.enqueue([later])
      expect(await sorted("remove")).toEqual(["later-1", "soon-1"])
    })

    test("takes nothing at all", async () => {
      await expect(opened.queue.enqueue([])).resolves.toBeUndefined()
    })
  })
}
