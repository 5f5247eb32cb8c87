import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Replay, ReplayStore } from "../ports/replay-store.ts"
import { sampleReplay } from "./sample-replay.ts"

const t0 = new Date("2026-01-01T00:00:00.000Z")
const progress = { requeued: 4, succeeded: 2, failed: 1, cancelled: 1 }

/** What every `ReplayStore` promises. */
export function replayStoreConformance(name: string, open: () => Promise<{ replays: ReplayStore; close: () => Promise<void> }>): void {
  describe(`${name} as a ReplayStore`, () => {
    let opened: Awaited<ReturnType<typeof open>>
    let tenants = 0
    const newTenant = () => `replays-${Date.now().toString(36)}-${++tenants}`
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())
    async function inserted(overrides: Partial<Replay> = {}): Promise<Replay> {
      const replay = sampleReplay({ tenantId: newTenant(), ...overrides })
      await opened.replays.insert(replay)
      return replay
    }
    const found = ({ tenantId, id }: Replay) => opened.replays.find({ tenantId, id })
    const isActive = async ({ id }: Replay) => (await opened.replays.findActive({ limit: 1_000 })).some((replay) => replay.id === id)

    test("returns exactly what was stored, to its tenant, and keeps it when it is inserted again", async () => {
      const filter = { route: "chat", metadata: { "a.b": "1", $c: "2" }, createdAfter: "2026-01-01T00:00:00.000Z" }
      const replay = await inserted({ filter, overrides: { route: "other", options: { cacheKey: "k" }, endpoint: "b" }, hint: "h" })
      const byIds = await inserted({ filter: null, ids: ["dl_1", "dl_2"] })
      for (const one of [replay, byIds]) expect(await found(one)).toEqual(one)
      await opened.replays.insert({ ...replay, matched: 99 })
      expect(await found(replay)).toEqual(replay)
      expect(await opened.replays.find({ tenantId: newTenant(), id: replay.id })).toBeNull()
    })

    test("lists a tenant's, newest first, by page", async () => {
      const tenantId = newTenant()
      const ids: string[] = []
      for (let index = 0; index < 5; index += 1) ids.push((await inserted({ tenantId, createdAt: new Date(t0.getTime() + index) })).id)
      await inserted()
      const page = async (before: string | null) => (await opened.replays.list({ tenantId, before, limit: 3 })).map(({ id }) => id)
      const newest = ids.toReversed()
      expect(await page(null)).toEqual(newest.slice(0, 3))
      expect(await page(newest[2] ?? null)).toEqual(newest.slice(3))
    })

    test("is active until it is finished, and keeps its place and its counts", async () => {
      const replay = await inserted()
      expect(await isActive(replay)).toBe(true)
      const position = { createdAt: t0, id: "dl_1" }
      await opened.replays.advance({ id: replay.id, position, isRequeued: true })
      await opened.replays.recordProgress({ id: replay.id, progress, finishedAt: null })
      expect(await found(replay)).toEqual({ ...replay, position, isRequeued: true, progress })
      expect(await isActive(replay)).toBe(true)
      await opened.replays.recordProgress({ id: replay.id, progress, finishedAt: t0 })
      expect(await found(replay)).toMatchObject({ status: "completed", finishedAt: t0 })
      expect(await isActive(replay)).toBe(false)
    })

    test("can be cancelled while it runs, and stays so", async () => {
      const replay = await inserted()
      expect(await opened.replays.cancel({ tenantId: newTenant(), id: replay.id, at: t0 })).toBeNull()
      const cancel = (at: Date) => opened.replays.cancel({ tenantId: replay.tenantId, id: replay.id, at })
      expect(await cancel(t0)).toEqual({ ...replay, status: "cancelled", cancelRequestedAt: t0 })
      expect(await cancel(new Date())).toMatchObject({ status: "cancelled", cancelRequestedAt: t0 })
      expect(await isActive(replay)).toBe(true)
      await opened.replays.recordProgress({ id: replay.id, progress, finishedAt: t0 })
      expect(await found(replay)).toMatchObject({ status: "cancelled", finishedAt: t0, progress })
      const done = await inserted()
      await opened.replays.recordProgress({ id: done.id, progress, finishedAt: t0 })
      expect(await opened.replays.cancel({ tenantId: done.tenantId, id: done.id, at: t0 })).toMatchObject({ status: "completed" })
    })
  })
}
