import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { newTenantId } from "../job/job-id.ts"
import type { GateRequest, TenantGate } from "../ports/tenant-gate.ts"

/** What every `TenantGate` promises, as far as it can be seen within a second. */
export function tenantGateConformance(name: string, open: () => Promise<{ gate: TenantGate; close: () => Promise<void> }>): void {
  describe(`${name} as a TenantGate`, () => {
    let gate: TenantGate
    let close: () => Promise<void>
    beforeAll(async () => {
      const opened = await open()
      gate = opened.gate
      close = opened.close
    })
    afterAll(() => close())

    /** Someone whom no other test knows. */
    function tenant() {
      const tenantId = newTenantId({ at: new Date() })
      const admit = (request: Partial<GateRequest>) =>
        gate.admit({ tenantId, requestsPerMinute: null, requests: 1, maxQueuedJobs: null, jobs: 0, ...request })
      const places = async (jobs: number, maxQueuedJobs = 5) => (await admit({ maxQueuedJobs, jobs })).places
      const taken = async (jobs: number) => {
        const granted = await places(jobs)
        if (granted?.kind !== "granted") throw new Error(`not granted: ${granted?.kind}`)
        return granted.ticket
      }
      return { tenantId, admit, places, taken, recount: (queued: number, mark = 0) => gate.recount({ tenantId, queued, mark }) }
    }

    test("says nothing where there is no limit", async () => {
      const { admit } = tenant()
      expect(await admit({ jobs: 3 })).toEqual({ requests: null, places: null })
      expect(await admit({ requestsPerMinute: 5, requests: 0 })).toEqual({ requests: null, places: null })
    })

    test("lets exactly the limit pass, whatever comes at once", async () => {
      const { admit } = tenant()
      const verdicts = await Promise.all(Array.from({ length: 60 }, () => admit({ requestsPerMinute: 25 })))
      const allowed = verdicts.filter(({ requests }) => requests?.isAllowed)
      expect(allowed).toHaveLength(25)
      expect(allowed.map(({ requests }) => requests?.remaining).toSorted((a = 0, b = 0) => a - b)).toEqual(
        Array.from({ length: 25 }, (_, n) => n),
      )
      const refused = await admit({ requestsPerMinute: 25 })
      expect(refused.requests).toMatchObject({ isAllowed: false, remaining: 0 })
      expect(refused.requests?.retryMs).toBeGreaterThan(55_000)
      expect(refused.requests?.retryMs).toBeLessThanOrEqual(61_000)
    })

    test("takes several or none", async () => {
      const { admit } = tenant()
      expect((await admit({ requestsPerMinute: 5, requests: 3 })).requests).toMatchObject({ isAllowed: true, remaining: 2 })
      expect((await admit({ requestsPerMinute: 5, requests: 3 })).requests).toMatchObject({ isAllowed: false, remaining: 2 })
      expect((await admit({ requestsPerMinute: 5, requests: 2 })).requests).toMatchObject({ isAllowed: true, remaining: 0 })
      expect((await admit({ requestsPerMinute: 5, requests: 6 })).requests).toMatchObject({ isAllowed: false })
    })

    test("follows a limit that is changed", async () => {
      const { admit } = tenant()
      expect((await admit({ requestsPerMinute: 1 })).requests?.isAllowed).toBe(true)
      expect((await admit({ requestsPerMinute: 1 })).requests?.isAllowed).toBe(false)
      expect((await admit({ requestsPerMinute: 2 })).requests?.isAllowed).toBe(true)
      expect((await admit({ requestsPerMinute: 1 })).requests).toMatchObject({ isAllowed: false, remaining: 0 })
    })

    test("has to be told of the jobs there are, and then grants the places that are left", async () => {
      const { places, recount } = tenant()
      expect(await places(1)).toEqual({ kind: "unknown", mark: 0 })
      await recount(3)
      expect(await places(1)).toMatchObject({ kind: "granted", remaining: 1 })
      expect(await places(2)).toMatchObject({ kind: "full", free: 1, isCountFresh: true })
      expect(await places(1)).toMatchObject({ kind: "granted", remaining: 0 })
      expect(await places(1)).toMatchObject({ kind: "full", free: 0 })
    })

    test("a request that is refused takes no places", async () => {
      const { admit, places, recount } = tenant()
      await recount(0)
      await admit({ requestsPerMinute: 1 })
      expect(await admit({ requestsPerMinute: 1, maxQueuedJobs: 5, jobs: 5 })).toMatchObject({
        requests: { isAllowed: false },
        places: null,
      })
      expect(await places(5)).toMatchObject({ kind: "granted" })
    })

    test("gives back what was not filled, and keeps what was until a later count", async () => {
      const { tenantId, places, taken, recount } = tenant()
      await recount(0)
      const [first, second] = [await taken(3), await taken(2)]
      await gate.settle({ tenantId, ticket: first, accepted: 1 })
      expect(await places(3)).toMatchObject({ kind: "full", mark: 1 })
      const third = await taken(2)
      await gate.settle({ tenantId, ticket: second, accepted: 2 })
      await gate.settle({ tenantId, ticket: third, accepted: 2 })
      const full = await places(1)
      expect(full).toMatchObject({ kind: "full", mark: 5 })
      // Four of the five have begun to run.
      await recount(1, 5)
      expect(await places(4)).toMatchObject({ kind: "granted", remaining: 0 })
    })

    test("what was accepted while a count was under way is counted beside it", async () => {
      const { tenantId, places, taken, recount } = tenant()
      await recount(0)
      await gate.settle({ tenantId, ticket: await taken(5), accepted: 5 })
      const full = await places(1)
      const mark = full?.kind === "full" ? full.mark : -1
      // Counted: none, all run. Then, before the count is told, three more are accepted by a process that had them under way.
      await gate.settle({ tenantId, ticket: { slot: 0, jobs: 3 }, accepted: 3 })
      await recount(0, mark)
      expect(await places(3)).toMatchObject({ kind: "full" })
      expect(await places(2)).toMatchObject({ kind: "granted" })
    })

    test("an older count changes nothing", async () => {
      const { tenantId, places, taken, recount } = tenant()
      await recount(0)
      await gate.settle({ tenantId, ticket: await taken(5), accepted: 5 })
      await recount(5, 5)
      await recount(0, 0)
      expect(await places(1)).toMatchObject({ kind: "full" })
    })

    test("settling what is not known is harmless", async () => {
      const { tenantId, places } = tenant()
      await gate.settle({ tenantId, ticket: { slot: 1, jobs: 4 }, accepted: 0 })
      expect(await places(1)).toMatchObject({ kind: "unknown" })
    })
  })
}
