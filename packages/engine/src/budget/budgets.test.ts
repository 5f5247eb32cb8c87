import { type Attempt, nextDay, QueueUnavailableError, type TenantSettings, toPicoUsd } from "@sluice/core"
import { createMemorySpendGate, createMemoryTenantDirectory, sampleAttempt, sampleJob } from "@sluice/core/testing"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { catalogOf } from "../testing/harness.ts"
import { createBudgets } from "./budgets.ts"

const now = new Date("2026-01-01T18:00:00.000Z")
const untilTomorrow = 6 * 3_600_000
const cent = catalogOf({ endpoints: { a: { price: { perCallUsd: 0.01 } }, free: {} } }).endpoints
const { work } = sampleJob()

function setUp({ budgetUsdPerDay = 0.1, spentUsd = 0 } = {}) {
  const settings: Record<string, TenantSettings> = { acme: { budgetUsdPerDay } }
  const gate = createMemorySpendGate()
  const warned: object[] = []
  const failed: unknown[] = []
  let read = 0
  const budgets = createBudgets({
    gate,
    spentOn: () => {
      read += 1
      return Promise.resolve(toPicoUsd(spentUsd))
    },
    tenants: createMemoryTenantDirectory(settings),
    clock: () => now,
    observer: { budgetNearlyUsed: (event) => warned.push(event), budgetFailed: (error) => failed.push(error) },
  })
  const of = (call: string, { tenantId = "acme", refusals = 0 } = {}) => ({ tenantId, call, works: [work], refusals })
  const endpoint = (name: string) => {
    const found = cent.get(name)
    if (!found) throw new Error(name)
    return found
  }
  const reserve = (call: string, more: object = {}, name = "a") => budgets.reserve(of(call, more), endpoint(name))
  return { budgets, gate, settings, warned, failed, of, endpoint, reserve, reads: () => read }
}

const paid = (costUsd: number | null, startedAt = now): Attempt => sampleAttempt({ costUsd, startedAt })

describe("budgets", () => {
  test("let through what fits, and tell the others to come back: soon while calls are under way, tomorrow after that", async () => {
    const { reserve, budgets, of, endpoint } = setUp({ budgetUsdPerDay: 0.025, spentUsd: 0.005 })
    const [first, second] = [await reserve("1"), await reserve("2")]
    expect([first.kind, second.kind]).toEqual(["reserved", "reserved"])
    expect(await reserve("3")).toMatchObject({ kind: "refused", reason: "budget", retryInMs: 1_000 })
    expect(await reserve("3", { refusals: 3 })).toMatchObject({ retryInMs: 8_000 })
    expect(budgets.refusalOf(of("3"), [endpoint("a")])).toBeNull()
    for (const spending of [first, second]) if (spending.kind === "reserved") await spending.settle(paid(0.01))
    expect(await reserve("3")).toMatchObject({ kind: "refused", reason: "budget", retryInMs: untilTomorrow })
    expect(budgets.refusalOf(of("3"), [endpoint("a")])).toMatchObject({ reason: "budget", retryInMs: untilTomorrow })
    expect(budgets.refusalOf(of("3"), [endpoint("a"), endpoint("free")])).toBeNull()
  })

  test("ask nobody about tenants without a budget, or calls without a price", async () => {
    const { reserve, reads } = setUp()
    expect((await reserve("1", { tenantId: "other" })).kind).toBe("reserved")
    expect((await reserve("1", {}, "free")).kind).toBe("reserved")
    expect(reads()).toBe(0)
  })

  test("ask nobody about calls on the tenant's own key, which cost the platform nothing", async () => {
    const { budgets, of, endpoint, reserve, reads } = setUp({ spentUsd: 1 })
    expect((await reserve("1")).kind).toBe("refused")
    const before = reads()
    const own = { ...endpoint("a"), tenantKey: { tenantId: "acme", name: "a", revision: "1" } }
    expect((await budgets.reserve(of("2"), own)).kind).toBe("reserved")
    expect(budgets.refusalOf(of("2"), [own])).toBeNull()
    expect(reads()).toBe(before)
  })

  test("read the books once for all who ask at the same time, and again after a loss of memory", async () => {
    const { reserve, gate, reads } = setUp()
    await Promise.all(Array.from({ length: 5 }, (_, index) => reserve(`${index}`)))
    expect(reads()).toBe(1)
    gate.forget()
    await reserve("again")
    expect(reads()).toBe(2)
  })

  test("follow a budget that is raised at once", async () => {
    const { reserve, settings, budgets, of, endpoint } = setUp({ budgetUsdPerDay: 0.01, spentUsd: 0.01 })
    expect((await reserve("1")).kind).toBe("refused")
    settings.acme = { budgetUsdPerDay: 0.02 }
    expect(budgets.refusalOf(of("1"), [endpoint("a")])).toBeNull()
    expect((await reserve("1")).kind).toBe("reserved")
  })

  test("warn once when most of it is used up", async () => {
    const { reserve, warned } = setUp({ budgetUsdPerDay: 0.05, spentUsd: 0.03 })
    for (const call of ["1", "2"]) {
      const spending = await reserve(call)
      if (spending.kind === "reserved") await spending.settle(paid(0.01))
    }
    expect(warned).toEqual([{ tenantId: "acme", day: "2026-01-01", spentUsd: 0.04, budgetUsd: 0.05 }])
  })

  test("count a call for the day on which it began", async () => {
    const { reserve, gate } = setUp({ budgetUsdPerDay: 0.02 })
    const day = nextDay(now)
    await gate.raise({ tenantId: "acme", day, spentPicoUsd: 0, budgetPicoUsd: toPicoUsd(0.02) })
    const spending = await reserve("1")
    if (spending.kind === "reserved") await spending.settle(paid(0.01, day))
    const spent = await gate.raise({ tenantId: "acme", day, spentPicoUsd: 0, budgetPicoUsd: toPicoUsd(0.02) })
    expect(spent.spentPicoUsd).toBe(toPicoUsd(0.01))
    expect((await reserve("2")).kind).toBe("reserved")
    expect((await reserve("3")).kind).toBe("reserved")
  })

  test("let nobody through while they cannot be asked, and lose no call that cannot be told", async () => {
    const { reserve, gate, failed } = setUp()
    const spending = await reserve("1")
    const away = () => Promise.reject(new QueueUnavailableError({ message: "away" }))
    gate.reserve = away
    gate.settle = away
    expect(await reserve("2")).toMatchObject({ kind: "refused", reason: "retry_backoff", retryInMs: 1_000 })
    if (spending.kind === "reserved") await expect(spending.settle(paid(0.01))).resolves.toBeUndefined()
    expect(failed).toHaveLength(2)
  })

  test("never let more be spent than there is, whatever calls cost and whichever order they come in", async () => {
    const calls = fc.array(fc.record({ tokens: fc.integer({ min: 0, max: 100 }), ends: fc.boolean() }), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(calls, fc.integer({ min: 1, max: 20 }), async (made, cents) => {
        const { reserve } = setUp({ budgetUsdPerDay: cents / 100 })
        let spent = 0
        const open: (() => Promise<void>)[] = []
        for (const [index, { tokens, ends }] of made.entries()) {
          const spending = await reserve(`${index}`)
          if (spending.kind !== "reserved") continue
          const cost = tokens / 10_000
          open.push(async () => {
            await spending.settle(paid(cost))
            spent += cost
          })
          if (ends) await open.shift()?.()
        }
        for (const end of open) await end()
        expect(spent).toBeLessThanOrEqual(cents / 100 + 1e-12)
      }),
    )
  })
})
