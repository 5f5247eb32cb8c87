import { QueueUnavailableError, StorageUnavailableError, type TenantGate } from "@sluice/core"
import { createMemoryTenantDirectory } from "@sluice/core/testing"
import { describe, expect, test } from "vitest"
import { createLocalTenantGate } from "./local-tenant-gate.ts"
import { createTenantLimits, type Places } from "./tenant-limits.ts"

/** Limits of a tenant `acme` over a shared gate that can go away, and a database whose counts are counted. */
function setUp(settings = { requestsPerMinute: 3, maxQueuedJobs: 2 }) {
  const state = { isAway: false, queued: 0, counts: 0, asked: 0, nowMs: 1_700_000_000_000 }
  const clock = () => new Date(state.nowMs)
  const shared = createLocalTenantGate({ clock })
  const whenThere = <T>(work: () => Promise<T>): Promise<T> =>
    state.isAway ? Promise.reject(new QueueUnavailableError({ message: "away" })) : work()
  const gate: TenantGate = {
    admit(request) {
      state.asked += 1
      return whenThere(() => shared.admit(request))
    },
    settle: (request) => whenThere(() => shared.settle(request)),
    recount: (request) => whenThere(() => shared.recount(request)),
  }
  const limits = createTenantLimits({
    tenants: createMemoryTenantDirectory({ acme: settings }),
    gate,
    localGate: createLocalTenantGate({ clock }),
    queuedJobs: {
      count({ limit }) {
        state.counts += 1
        return Promise.resolve(Math.min(limit, state.queued))
      },
    },
  })
  const admit = (jobs = 0) => limits.admit({ tenantId: "acme", requests: 1, jobs })
  const places = async (jobs: number): Promise<Places> => {
    const verdict = await limits.admit({ tenantId: "acme", requests: 0, jobs })
    if (verdict.places === null || verdict.places === "full") throw new Error(`no places: ${verdict.places}`)
    return verdict.places
  }
  return { state, limits, admit, places }
}

describe("limits", () => {
  test("of a tenant that has none cost nothing", async () => {
    const { state, limits } = setUp()
    expect(await limits.admit({ tenantId: "other", requests: 1, jobs: 1 })).toMatchObject({ requests: null, places: null })
    expect(state).toMatchObject({ asked: 0, counts: 0 })
  })

  test("cost one question where both are set, once the jobs are counted", async () => {
    const { state, admit } = setUp()
    await admit(1)
    expect(state).toMatchObject({ asked: 2, counts: 1 })
    await admit(1)
    expect(state).toMatchObject({ asked: 3, counts: 1 })
  })

  test("count again before a job is refused for want of a place, and not at each refusal", async () => {
    const { state, places, limits } = setUp()
    const full = () => limits.admit({ tenantId: "acme", requests: 0, jobs: 1 })
    for (const place of [await places(1), await places(1)]) place.settle(1)
    state.queued = 2
    expect((await full()).places).toBe("full")
    expect(state.counts).toBe(1)
    state.nowMs += 1_000
    expect((await full()).places).toBe("full")
    expect((await full()).places).toBe("full")
    expect(state.counts).toBe(2)
    // One has begun to run.
    state.queued = 1
    state.nowMs += 1_000
    await places(1)
    expect(state.counts).toBe(3)
  })

  test("give a batch as many places as there are, and none beyond", async () => {
    const { limits, state } = setUp({ requestsPerMinute: 3, maxQueuedJobs: 25 })
    const take = (jobs: number) => limits.takePlaces({ tenantId: "acme", jobs })
    const [first, second] = await Promise.all([take(60), take(60)])
    expect([first.jobs, second.jobs].toSorted((a, b) => a - b)).toEqual([0, 25])
    for (const { jobs, settle } of [first, second]) settle(Math.min(jobs, 20))
    expect((await take(60)).jobs).toBe(5)
    expect((await take(60)).jobs).toBe(0)
    state.asked = 0
    expect((await limits.takePlaces({ tenantId: "other", jobs: 60 })).jobs).toBe(60)
    expect(state.asked).toBe(0)
  })

  test("settle places once", async () => {
    const { places } = setUp()
    const [first] = [await places(1), await places(1)]
    first?.settle(0)
    first?.settle(0)
    await places(1)
    await expect(places(1)).rejects.toThrow("full")
  })

  test("hold in this process alone while the shared gate is away", async () => {
    const { state, admit, places } = setUp()
    for (let n = 0; n < 3; n += 1) expect((await admit()).requests?.isAllowed).toBe(true)
    expect((await admit()).requests?.isAllowed).toBe(false)
    state.isAway = true
    state.queued = 1
    for (let n = 0; n < 3; n += 1) expect((await admit()).requests?.isAllowed).toBe(true)
    expect((await admit()).requests?.isAllowed).toBe(false)
    await places(1)
    await expect(places(1)).rejects.toThrow("full")
    state.isAway = false
    expect((await admit()).requests?.isAllowed).toBe(false)
  })

  test("that cannot be counted are an outage, not a refusal", async () => {
    const limits = createTenantLimits({
      tenants: createMemoryTenantDirectory({ acme: { maxQueuedJobs: 1 } }),
      gate: createLocalTenantGate({ clock: () => new Date() }),
      localGate: createLocalTenantGate({ clock: () => new Date() }),
      queuedJobs: { count: () => Promise.reject(new StorageUnavailableError({ message: "away" })) },
    })
    await expect(limits.admit({ tenantId: "acme", requests: 1, jobs: 1 })).rejects.toThrow(StorageUnavailableError)
  })
})
