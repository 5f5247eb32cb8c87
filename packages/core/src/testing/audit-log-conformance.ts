import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { newAuditId } from "../job/job-id.ts"
import type { AuditEntry, AuditLog } from "../ports/audit-log.ts"

/** What every `AuditLog` promises. */
export function auditLogConformance(name: string, open: () => Promise<{ audit: AuditLog; close: () => Promise<void> }>): void {
  describe(`${name} as an AuditLog`, () => {
    let opened: Awaited<ReturnType<typeof open>>
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())

    test("returns what was recorded, newest first, by page and by filter", async () => {
      const actor = `key-${newAuditId({ at: new Date() })}`
      const entries: AuditEntry[] = []
      for (let index = 0; index < 5; index += 1) {
        const at = new Date(Date.parse("2026-01-01T00:00:00.000Z") + index)
        const details = { filter: { "metadata.a": "1", $or: null }, index }
        const what = { action: index % 2 === 0 ? "route.pause" : "replay.create", target: index === 4 ? null : `r${index}` }
        const entry = { id: newAuditId({ at }), at, actor, tenantId: "default", ...what, details, requestId: "req_1" }
        await opened.audit.record(entry)
        entries.push(entry)
      }
      const newest = entries.toReversed()
      const list = (filter: object, before: string | null = null, limit = 10) =>
        opened.audit.list({ filter: { actor, ...filter }, before, limit })
      expect(await list({})).toEqual(newest)
      expect(await list({}, newest[1]?.id, 2)).toEqual(newest.slice(2, 4))
      expect(await list({ action: "replay.create" })).toEqual([entries[3], entries[1]])
      expect(await list({ target: "r2" })).toEqual([entries[2]])
      expect(await list({ actor: "nobody" })).toEqual([])
      expect(await list({ tenantId: "default" })).toEqual(newest)
      expect(await list({ tenantId: "another" })).toEqual([])
    })
  })
}
