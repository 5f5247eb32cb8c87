import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import type { WorkerRegistry } from "../ports/worker-registry.ts"

/** What every `WorkerRegistry` promises. */
export function workerRegistryConformance(
  name: string,
  open: () => Promise<{ registry: WorkerRegistry; close: () => Promise<void> }>,
): void {
  describe(`${name} as a WorkerRegistry`, () => {
    let opened: Awaited<ReturnType<typeof open>>
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())

    test("a worker lives from its first sign of life until the last has run out, or it leaves", async () => {
      const { registry } = opened
      expect(await registry.live()).not.toContain("a")
      await registry.beat({ workerId: "a", ttlMs: 60_000 })
      await registry.beat({ workerId: "b", ttlMs: 100 })
      await registry.beat({ workerId: "c", ttlMs: 60_000 })
      expect(await registry.live()).toEqual(expect.arrayContaining(["a", "c"]))
      await registry.leave("c")
      await registry.leave("unknown")
      await vi.waitFor(async () => expect((await registry.live()).toSorted()).toEqual(["a"]))
      await registry.beat({ workerId: "b", ttlMs: 60_000 })
      expect((await registry.live()).toSorted()).toEqual(["a", "b"])
    })
  })
}
