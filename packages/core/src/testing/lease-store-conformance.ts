import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import type { LeaseStore } from "../ports/lease-store.ts"

/** What every `LeaseStore` promises. */
export function leaseStoreConformance(name: string, open: () => Promise<{ store: LeaseStore; close: () => Promise<void> }>): void {
  describe(`${name} as a LeaseStore`, () => {
    let opened: Awaited<ReturnType<typeof open>>
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())
    const acquire = (lease: string, holder: string, ttlMs = 60_000) => opened.store.acquire({ name: lease, holder, ttlMs })

    test("has one holder of many rivals, who may renew", async () => {
      const holders = Array.from({ length: 20 }, (_, index) => `h${index}`)
      const answers = await Promise.all(holders.map((holder) => acquire("rivals", holder)))
      expect(answers.filter(Boolean)).toHaveLength(1)
      const leader = holders[answers.indexOf(true)] ?? ""
      expect(await acquire("rivals", leader)).toBe(true)
      expect(await acquire("rivals", "someone else")).toBe(false)
    })

    test("passes on when it was released or not renewed", async () => {
      await acquire("released", "a")
      await opened.store.release({ name: "released", holder: "b" })
      expect(await acquire("released", "b")).toBe(false)
      await opened.store.release({ name: "released", holder: "a" })
      expect(await acquire("released", "b")).toBe(true)
      await acquire("expired", "a", 50)
      await vi.waitFor(async () => expect(await acquire("expired", "b")).toBe(true), { timeout: 5_000 })
      expect(await acquire("expired", "a")).toBe(false)
    })
  })
}
