import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { CanaryRef, CanaryResult, CanaryStore } from "../ports/canary-store.ts"

const t0 = new Date("2026-01-01T00:00:00.000Z")
const at = (ms: number) => new Date(t0.getTime() + ms)

/** What every `CanaryStore` promises. It is all theirs. */
export function canaryStoreConformance(name: string, open: () => Promise<{ canaries: CanaryStore; close: () => Promise<void> }>): void {
  describe(`${name} as a CanaryStore`, () => {
    let opened: Awaited<ReturnType<typeof open>>
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())
    const ref = (endpoint: string): CanaryRef => ({ route: "chat", tier: "primary", endpoint })
    const result = (endpoint: string, overrides: Partial<CanaryResult> = {}): CanaryResult => ({
      ...ref(endpoint),
      ...{ outcome: "ok", checkedAt: t0, since: t0, latencyMs: 12, error: null },
      usage: { day: t0, calls: { succeeded: { calls: 1, inputTokens: 3 } } },
      ...overrides,
    })

    test("gives the turn to one of many, and again when the time is over", async () => {
      const rivals = () => Promise.all(Array.from({ length: 8 }, () => opened.canaries.claim({ ...ref("a"), at: at(0), everyMs: 1_000 })))
      expect((await rivals()).filter(Boolean)).toHaveLength(1)
      expect(await opened.canaries.claim({ ...ref("b"), at: at(0), everyMs: 1_000 })).toBe(true)
      expect(await opened.canaries.claim({ ...ref("a"), at: at(999), everyMs: 1_000 })).toBe(false)
      expect(await opened.canaries.claim({ ...ref("a"), at: at(1_000), everyMs: 1_000 })).toBe(true)
      expect(await opened.canaries.claim({ ...ref("a"), at: at(1_500), everyMs: 500 })).toBe(true)
      // A turn that was taken says nothing until there is a result.
      expect(await opened.canaries.list()).toEqual([])
    })

    test("returns the last results, and forgets what is no longer asked", async () => {
      const failed = result("b", { outcome: "failed", latencyMs: null, error: "timeout", usage: null })
      await opened.canaries.record(result("a"))
      await opened.canaries.record(failed)
      expect(new Set(await opened.canaries.list())).toEqual(new Set([result("a"), failed]))
      const later = result("a", { checkedAt: at(5), latencyMs: 20 })
      await opened.canaries.record(later)
      expect(new Set(await opened.canaries.list())).toEqual(new Set([later, failed]))
      // The turn is still taken.
      expect(await opened.canaries.claim({ ...ref("a"), at: at(1_600), everyMs: 500 })).toBe(false)
      await opened.canaries.retain([ref("a")])
      expect(await opened.canaries.list()).toEqual([later])
      await opened.canaries.retain([])
      expect(await opened.canaries.list()).toEqual([])
    })
  })
}
