import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import type { Alert, Notice } from "../alerts/alert.ts"
import type { AlertStore } from "../ports/alert-store.ts"
import { sampleAlert } from "./sample-alert.ts"

const t0 = new Date("2026-01-01T00:00:00.000Z")
const at = (ms: number) => new Date(t0.getTime() + ms)

/** What every `AlertStore` promises. */
export function alertStoreConformance(name: string, open: () => Promise<{ alerts: AlertStore; close: () => Promise<void> }>): void {
  describe(`${name} as an AlertStore`, () => {
    let opened: Awaited<ReturnType<typeof open>>
    let rule = ""
    let rules = 0
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())
    beforeEach(() => {
      rule = `r${Date.now().toString(36)}-${++rules}`
    })
    const store = () => opened.alerts
    async function inserted(overrides: Partial<Alert> = {}): Promise<Alert> {
      const alert = sampleAlert({ rule, ...overrides })
      expect(await store().insert(alert)).toBe(true)
      return alert
    }
    const ofRule = (found: readonly Alert[]) => found.filter((alert) => alert.rule === rule)
    const notice = (dueAt: Date | null): Notice => ({ ...sampleNotice(), nextTryAt: dueAt })

    test("returns exactly what was stored", async () => {
      const alert = await inserted()
      expect(await store().find(alert.id)).toEqual(alert)
      expect(await store().find("alt_none")).toBeNull()
      expect(await store().insert({ ...alert, summary: "again" })).toBe(true)
      expect(await store().find(alert.id)).toEqual(alert)
    })

    test("has one of a rule and a subject at a time, of many who find it at once", async () => {
      const rivals = Array.from({ length: 8 }, () => sampleAlert({ rule }))
      const outcomes = await Promise.all(rivals.map((rival) => store().insert(rival)))
      expect(outcomes.filter(Boolean)).toHaveLength(1)
      const [winner] = ofRule(await store().active())
      if (!winner) throw new Error("There is none")
      await inserted({ subject: "endpoint us" })
      expect(await store().insert(sampleAlert({ rule, state: "pending", firedAt: null }))).toBe(false)
      expect(await store().replace({ ...winner, state: "resolved", resolvedAt: at(1) })).toBe(true)
      expect(await store().insert(sampleAlert({ rule }))).toBe(true)
    })

    test("writes on what was read alone", async () => {
      const alert = await inserted()
      const changes = [1, 2, 3, 4].map((value) => store().replace({ ...alert, value }))
      expect((await Promise.all(changes)).filter(Boolean)).toHaveLength(1)
      expect((await store().find(alert.id))?.revision).toBe(2)
      expect(await store().remove(alert)).toBe(false)
      expect(await store().remove({ id: alert.id, revision: 2 })).toBe(true)
      expect(await store().find(alert.id)).toBeNull()
      expect(await store().replace(alert)).toBe(false)
    })

    test("tells those that are not over, and those with a message that is due", async () => {
      const pending = await inserted({ subject: "a", state: "pending", firedAt: null, notices: [] })
      const late = await inserted({ subject: "b", notices: [notice(null), notice(at(900)), notice(at(500))] })
      const early = await inserted({ subject: "c", state: "resolved", resolvedAt: at(1), notices: [notice(at(100))] })
      await inserted({ subject: "d", notices: [notice(at(2_000))] })
      await inserted({ subject: "e", notices: [notice(null)] })
      expect(new Set(ofRule(await store().active()).map(({ subject }) => subject))).toEqual(new Set(["a", "b", "d", "e"]))
      expect(ofRule(await store().findDue({ at: at(1_000), limit: 1_000 }))).toEqual([early, late])
      expect(await store().replace({ ...late, notices: [notice(null)] })).toBe(true)
      expect(ofRule(await store().findDue({ at: at(1_000), limit: 1_000 }))).toEqual([early])
      expect(ofRule(await store().findDue({ at: at(1_000), limit: 1_000 }))).not.toContainEqual(pending)
    })

    test("lists them newest first, by page and by filter, and removes those that are long over", async () => {
      const over = (resolvedMs: number) => ({ state: "resolved" as const, resolvedAt: at(resolvedMs), notices: [] })
      const alerts = [
        await inserted({ since: at(1), ...over(100) }),
        await inserted({ since: at(2), ...over(200) }),
        await inserted({ since: at(3), ...over(300) }),
        await inserted({ since: at(4) }),
      ]
      const newest = alerts.toReversed()
      const list = (filter: object = {}, before: string | null = null, limit = 10) =>
        store().list({ filter: { rule, ...filter }, before, limit })
      expect(await list()).toEqual(newest)
      expect(await list({}, newest[1]?.id, 1)).toEqual([newest[2]])
      expect(await list({ state: "firing" })).toEqual([newest[0]])
      expect(await list({ since: at(200) })).toEqual(newest.slice(0, 2))
      expect(await store().list({ filter: { rule: "none" }, before: null, limit: 10 })).toEqual([])
      await store().removeOld({ resolvedBefore: at(250) })
      expect(await list()).toEqual(newest.slice(0, 2))
    })
  })
}

function sampleNotice(): Notice {
  return { id: "evt_2", channel: "team", event: "firing", createdAt: t0, tries: 0, nextTryAt: null, sentAt: null, error: null }
}
