import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { JobQueue, QueueEntry } from "../ports/job-queue.ts"
import type { QueueInventory } from "../ports/queue-inventory.ts"
import { sampleQueueEntry } from "./sample-queue-entry.ts"

export interface InventoryUnderTest {
  readonly queue: JobQueue
  readonly inventory: QueueInventory
  /** Makes the queue lose its memory. */
  readonly forget: () => Promise<void>
  readonly close: () => Promise<void>
}

/** What every `QueueInventory` promises. */
export function queueInventoryConformance(name: string, open: () => Promise<InventoryUnderTest>): void {
  describe(`${name} as a QueueInventory`, () => {
    let opened: InventoryUnderTest
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())
    const entry = (overrides: Partial<QueueEntry>) => sampleQueueEntry({ route: "inventory", ...overrides })

    test("misses what is not there, of whatever route and run", async () => {
      const { queue, inventory } = opened
      const there = [entry({}), entry({ route: "other" }), entry({ id: "job_2", notBefore: new Date(Date.now() + 60_000) })]
      const absent = [entry({ run: 2 }), entry({ id: "job_3" }), entry({ id: "job_2", route: "other" })]
      await queue.enqueue(there)
      expect(await inventory.missing([...absent, ...there])).toEqual({ absent, stranded: [] })
      expect(await inventory.missing([])).toEqual({ absent: [], stranded: [] })
    })

    test("knows that it lost its memory until it is refilled", async () => {
      const { queue, inventory, forget } = opened
      expect(await inventory.hasForgotten()).toBe(true)
      await inventory.refill(() => queue.enqueue([entry({ id: "job_4" })]))
      expect(await inventory.hasForgotten()).toBe(false)
      await forget()
      expect(await inventory.hasForgotten()).toBe(true)
      expect((await inventory.missing([entry({ id: "job_4" })])).absent).toHaveLength(1)
    })

    test("does not count on a memory that was lost while it was refilled, or on a refill that failed", async () => {
      const { inventory, forget } = opened
      await forget()
      await inventory.refill(forget)
      expect(await inventory.hasForgotten()).toBe(true)
      await expect(inventory.refill(() => Promise.reject(new Error("no")))).rejects.toThrow("no")
      expect(await inventory.hasForgotten()).toBe(true)
      const gate = Promise.withResolvers<void>()
      const slow = inventory.refill(() => gate.promise)
      await inventory.refill(forget)
      gate.resolve()
      await slow
      expect(await inventory.hasForgotten()).toBe(true)
    })
  })
}
