import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { WebhookEndpoint } from "../delivery/webhook-endpoint.ts"
import type { WebhookEndpointStore } from "../ports/webhook-endpoint-store.ts"
import { sampleSecret, sampleWebhookEndpoint } from "./sample-delivery.ts"

const t0 = new Date("2026-01-01T00:00:00.000Z")
const later = (ms: number) => new Date(t0.getTime() + ms)

/** What every `WebhookEndpointStore` promises. */
export function webhookEndpointStoreConformance(
  name: string,
  open: () => Promise<{ store: WebhookEndpointStore; close: () => Promise<void> }>,
): void {
  describe(`${name} as a WebhookEndpointStore`, () => {
    let store: WebhookEndpointStore
    let close: () => Promise<void>
    beforeAll(async () => {
      const opened = await open()
      store = opened.store
      close = opened.close
    })
    afterAll(() => close())

    let tenants = 0
    async function inserted(overrides: Partial<WebhookEndpoint> = {}): Promise<WebhookEndpoint> {
      const endpoint = sampleWebhookEndpoint({ tenantId: `t-${++tenants}`, ...overrides })
      await store.insert(endpoint)
      return endpoint
    }

    test("keeps endpoints for their tenants alone", async () => {
      const endpoint = await inserted({ headers: { "X-A.b": "1", $x: "2" }, disabled: { reason: "gone", at: later(5) } })
      const foreign = { tenantId: "another", id: endpoint.id }
      expect(await store.find(endpoint)).toEqual(endpoint)
      expect(await store.find(foreign)).toBeNull()
      expect(await store.update({ ...foreign, at: t0, changes: { url: "https://x.example" } })).toBeNull()
      expect(await store.rotateSecret({ ...foreign, secret: "s", at: t0, overlapMs: 0 })).toBeNull()
      expect(await store.remove(foreign)).toBe(false)
      expect(await store.find(endpoint)).toEqual(endpoint)
      expect(await store.remove(endpoint)).toBe(true)
      expect(await store.find(endpoint)).toBeNull()
    })

    test("changes what is given, and nothing else", async () => {
      const endpoint = await inserted({ description: "old", failingSince: later(1), disabled: { reason: "failing", at: later(2) } })
      const changes = { url: "https://new.example/", description: null, disabled: null, failingSince: null }
      const expected = { ...endpoint, ...changes, updatedAt: later(3) }
      expect(await store.update({ ...endpoint, at: later(3), changes })).toEqual(expected)
      expect(await store.find(endpoint)).toEqual(expected)
    })

    test("lists newest first by page, and those of tenants that were not switched off by hand", async () => {
      const first = await inserted({ createdAt: later(1) })
      const { tenantId } = first
      const second = await inserted({ tenantId, createdAt: later(2), disabled: { reason: "manual", at: t0 } })
      const third = await inserted({ tenantId, createdAt: later(3), disabled: { reason: "failing", at: t0 } })
      expect(await store.list({ tenantId, before: null, limit: 2 })).toEqual([third, second])
      expect(await store.list({ tenantId, before: second.id, limit: 2 })).toEqual([first])
      const ids = (endpoints: readonly WebhookEndpoint[]) => endpoints.map(({ id }) => id).toSorted()
      expect(ids(await store.listenersOf([tenantId, "nobody"]))).toEqual(ids([first, third]))
      expect(ids(await store.listenersOf(null))).toEqual(expect.arrayContaining(ids([first, third])))
      expect(ids(await store.findMany([first.id, second.id, "whe_none"]))).toEqual(ids([first, second]))
    })

    test("finds those of any tenant that were switched off for their failures", async () => {
      const [failing, gone, byHand, well] = [await inserted(), await inserted(), await inserted(), await inserted()]
      await store.disable({ id: failing.id, reason: "failing", at: later(1) })
      await store.disable({ id: gone.id, reason: "gone", at: later(1) })
      await store.disable({ id: byHand.id, reason: "manual", at: later(1) })
      const ids = (await store.findDisabled({ limit: 1_000 })).map(({ id }) => id)
      expect(ids).toEqual(expect.arrayContaining([failing.id, gone.id]))
      for (const { id } of [byHand, well]) expect(ids).not.toContain(id)
      expect(await store.findDisabled({ limit: 1 })).toHaveLength(1)
    })

    test("rotates a secret: the old one signs until the overlap ends", async () => {
      const endpoint = await inserted()
      const rotated = await store.rotateSecret({ ...endpoint, secret: "whsec_new", at: later(10), overlapMs: 1_000 })
      expect(rotated?.secrets).toEqual([
        { secret: "whsec_new", createdAt: later(10), expiresAt: null },
        { secret: sampleSecret, createdAt: endpoint.createdAt, expiresAt: later(1_010) },
      ])
      const again = await store.rotateSecret({ ...endpoint, secret: "whsec_third", at: later(20), overlapMs: 5_000 })
      expect(again?.secrets.map(({ secret, expiresAt }) => [secret, expiresAt])).toEqual([
        ["whsec_third", null],
        ["whsec_new", later(5_020)],
        [sampleSecret, later(1_010)],
      ])
      const last = await store.rotateSecret({ ...endpoint, secret: "whsec_last", at: later(2_000), overlapMs: 0 })
      expect(last?.secrets.map(({ secret }) => secret)).toEqual(["whsec_last"])
    })

    test("remembers since when every try has failed, and disables once", async () => {
      const endpoint = await inserted()
      expect(await store.noteFailure({ id: endpoint.id, at: later(1) })).toEqual(later(1))
      expect(await store.noteFailure({ id: endpoint.id, at: later(9) })).toEqual(later(1))
      await store.noteSuccess({ id: endpoint.id })
      expect(await store.noteFailure({ id: endpoint.id, at: later(10) })).toEqual(later(10))
      expect(await store.noteFailure({ id: "whe_none", at: later(1) })).toBeNull()
      const disable = (at: Date) => store.disable({ id: endpoint.id, reason: "failing", at })
      const answers = await Promise.all([disable(later(11)), disable(later(12))])
      expect(answers.filter(Boolean)).toHaveLength(1)
      expect(await store.find(endpoint)).toMatchObject({ disabled: { reason: "failing" }, failingSince: later(10) })
    })

    test("books sends so far apart, whoever asks, and none beyond the horizon", async () => {
      const { id } = await inserted()
      const book = (count: number, at = t0) => store.bookSends({ id, at, count, intervalMs: 100, horizonMs: 450 })
      const booked = await Promise.all([book(2), book(1), book(1)])
      const times = booked.flat().map((at) => at.getTime() - t0.getTime())
      expect(times.toSorted((a, b) => a - b)).toEqual([0, 100, 200, 300])
      expect(await book(5)).toEqual([later(400)])
      expect(await book(5)).toEqual([])
      expect(await book(1, later(2_000))).toEqual([later(2_000)])
    })

    test("makes a tenant's secret once, and rotates it", async () => {
      const tenantId = `t-${++tenants}`
      let made = 0
      const ask = () => store.tenantSecrets({ tenantId, at: t0, make: () => `whsec_${++made}` })
      const [first, second] = await Promise.all([ask(), ask()])
      expect(first).toEqual(second)
      expect(await ask()).toEqual(first)
      const rotated = await store.rotateTenantSecret({ tenantId, secret: "whsec_next", at: later(5), overlapMs: 100 })
      expect(rotated.map(({ secret, expiresAt }) => [secret, expiresAt])).toEqual([
        ["whsec_next", null],
        [first[0]?.secret, later(105)],
      ])
      expect(await ask()).toEqual(rotated)
      const fresh = await store.rotateTenantSecret({ tenantId: `t-${++tenants}`, secret: "whsec_only", at: later(5), overlapMs: 100 })
      expect(fresh.map(({ secret }) => secret)).toEqual(["whsec_only"])
    })

    test("keeps recoveries until they are finished", async () => {
      const endpoint = await inserted()
      const recovery = {
        id: `rec_${tenants}`,
        tenantId: endpoint.tenantId,
        endpointId: endpoint.id,
        since: t0,
        createdAt: later(1),
        finishedAt: null,
      }
      await store.insertRecovery(recovery)
      const find = (tenantId = endpoint.tenantId) => store.findRecovery({ tenantId, id: endpoint.id, recoveryId: recovery.id })
      expect(await find()).toEqual(recovery)
      expect(await find("another")).toBeNull()
      expect(await store.runningRecoveries({ limit: 1_000 })).toContainEqual(recovery)
      await store.finishRecovery({ id: recovery.id, at: later(2) })
      expect(await find()).toEqual({ ...recovery, finishedAt: later(2) })
      expect(await store.runningRecoveries({ limit: 1_000 })).not.toContainEqual(expect.objectContaining({ id: recovery.id }))
    })
  })
}
