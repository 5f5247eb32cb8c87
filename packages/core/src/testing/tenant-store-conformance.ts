import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { newTenantId } from "../job/job-id.ts"
import type { TenantStore } from "../ports/tenant-store.ts"
import { sampleTenant } from "./sample-tenancy.ts"

const t0 = new Date("2026-01-01T00:00:00.000Z")
const later = (ms: number) => new Date(t0.getTime() + ms)

/** What every `TenantStore` promises. */
export function tenantStoreConformance(name: string, open: () => Promise<{ store: TenantStore; close: () => Promise<void> }>): void {
  describe(`${name} as a TenantStore`, () => {
    let store: TenantStore
    let close: () => Promise<void>
    beforeAll(async () => {
      const opened = await open()
      store = opened.store
      close = opened.close
    })
    afterAll(() => close())

    const settings = { requestsPerMinute: 60, weight: 2.5 }
    const newTenant = () => sampleTenant({ id: newTenantId({ at: t0 }), name: "Acme", settings, disabled: { at: later(1), by: "admin" } })

    test("inserts a tenant once", async () => {
      const tenant = newTenant()
      const answers = await Promise.all([store.insert(tenant), store.insert({ ...tenant, name: "Other" })])
      expect(answers.filter(Boolean)).toHaveLength(1)
      expect(await store.find(tenant.id)).toMatchObject({ id: tenant.id, settings, disabled: { at: later(1), by: "admin" } })
      expect(await store.find("nobody")).toBeNull()
    })

    test("changes what is given, and nothing else", async () => {
      const tenant = newTenant()
      await store.insert(tenant)
      const changes = { settings: { weight: null, maxQueuedJobs: 5 }, disabled: null }
      const changed = await store.upsert({ id: tenant.id, at: later(9), changes })
      expect(changed).toEqual({ ...tenant, settings: { requestsPerMinute: 60, maxQueuedJobs: 5 }, disabled: null, updatedAt: later(9) })
      expect(await store.find(tenant.id)).toEqual(changed)
      expect(await store.upsert({ id: tenant.id, at: later(10), changes: { name: null } })).toEqual({
        ...changed,
        name: null,
        updatedAt: later(10),
      })
    })

    test("makes a tenant that it does not keep yet", async () => {
      const id = newTenantId({ at: t0 })
      const made = await store.upsert({ id, at: later(3), changes: { settings: { weight: 2, maxQueuedJobs: null } } })
      expect(made).toEqual({ id, name: null, settings: { weight: 2 }, disabled: null, createdAt: later(3), updatedAt: later(3) })
      expect(await store.find(id)).toEqual(made)
    })

    test("lists by id, by page", async () => {
      const ids = [newTenantId({ at: later(1_000) }), newTenantId({ at: later(2_000) }), newTenantId({ at: later(3_000) })]
      for (const id of ids.toReversed()) await store.insert(sampleTenant({ id }))
      const list = async (after: string | null, limit: number) => (await store.list({ after, limit })).map(({ id }) => id)
      expect((await list(null, 1_000)).filter((id) => ids.includes(id))).toEqual(ids)
      expect(await list(ids[0] ?? "", 2)).toEqual(ids.slice(1))
    })

    test("tells of all, and then of what changed since a mark", async () => {
      const tenant = newTenant()
      await store.insert(tenant)
      const first = await store.changedSince(null)
      expect(first.changed).toContainEqual(tenant)
      await store.upsert({ id: tenant.id, at: later(9), changes: { settings: { weight: 7 } } })
      const { changed } = await store.changedSince(first.mark)
      expect(changed.find(({ id }) => id === tenant.id)?.settings.weight).toBe(7)
    })
  })
}
