import { allTenants, type UsageRow } from "@sluice/core"
import { createMemoryJobStore, createMemoryUsage } from "@sluice/core/testing"
import { describe, expect, test } from "vitest"
import { createReportSlo } from "./report-slo.ts"

const now = new Date("2026-03-10T12:30:20.000Z")
const ago = (ms: number) => new Date(now.getTime() - ms)
const minuteMs = 60_000
const hourMs = 3_600_000

const unknown = { endpoint: null, provider: null, model: null, tier: null, status: null, credential: "platform" } as const

/** What happened at a time, as the books have it: by the minute and by the hour, of the tenant and of all. */
function happened(at: Date, route: string, figures: Record<string, number>): UsageRow[] {
  return (["minute", "hour"] as const).flatMap((grain) => {
    const start = new Date(Math.floor(at.getTime() / (grain === "minute" ? minuteMs : hourMs)) * (grain === "minute" ? minuteMs : hourMs))
    return [allTenants, "acme"].map((tenantId) => ({ grain, at: start, tenantId, route, ...unknown, figures }))
  })
}

async function reporting(rows: readonly UsageRow[]) {
  const { ledger, reports } = createMemoryUsage(createMemoryJobStore())
  let number = 1
  for (const row of rows) await ledger.writeRows({ number: number++, rows: [row] })
  const catalog = () => ({
    objectives: { availability: { target: 0.9 } },
    routes: { chat: {}, quiet: {}, strict: { objectives: { availability: { target: 0.99 }, quality: "off" as const } } },
  })
  return createReportSlo({ reports, catalog, clock: () => now })
}

const good = (count: number) => ({ succeeded: count, tier_primary: count })
const bad = (count: number) => ({ failed: count, error_timeout: count })

const rows = [
  ...happened(ago(2 * minuteMs), "chat", { ...good(8), ...bad(2) }),
  ...happened(ago(40 * minuteMs), "chat", good(10)),
  ...happened(ago(4 * hourMs), "chat", good(30)),
  ...happened(ago(50 * hourMs), "chat", good(50)),
  ...happened(ago(20 * 24 * hourMs), "chat", bad(900)),
  ...happened(ago(2 * minuteMs), "strict", { ...good(9), ...bad(1) }),
]

async function reported(window: "1h" | "6h" | "1d" | "7d" | "30d", request: { route?: string; tenantId?: string } = {}) {
  const outcome = await (await reporting(rows))({ window, route: request.route ?? null, tenantId: request.tenantId ?? null })
  if (outcome.kind !== "reported") throw new Error(outcome.message)
  return outcome.slo
}
const availabilityOf = (slo: Awaited<ReturnType<typeof reported>>, route: string | null) =>
  slo.data.find((each) => each.route === route)?.objectives.find(({ name }) => name === "availability")

describe("the report of objectives", () => {
  test("judges each route by its own target, and all together by the installation's", async () => {
    const slo = await reported("1h")
    expect(slo.data.map(({ route }) => route)).toEqual([null, "chat", "quiet", "strict"])
    expect(availabilityOf(slo, "chat")).toMatchObject({ target: 0.9, events: 20, bad: 2, actual: 0.9, met: true })
    expect(availabilityOf(slo, "chat")?.budgetLeft).toBeCloseTo(0)
    expect(availabilityOf(slo, "strict")).toMatchObject({ target: 0.99, events: 10, bad: 1, met: false })
    expect(availabilityOf(slo, "strict")?.budgetLeft).toBeCloseTo(-9)
    expect(availabilityOf(slo, null)).toMatchObject({ target: 0.9, events: 30, bad: 3, met: true })
    expect(availabilityOf(slo, "quiet")).toMatchObject({ events: 0, actual: null, met: null, budgetLeft: null })
    expect(slo.data.find(({ route }) => route === "strict")?.objectives.map(({ name }) => name)).not.toContain("quality")
    expect(slo.data[0]).toMatchObject({ jobs: { succeeded: 27, failed: 3 }, errors: { timeout: 3 }, tiers: { primary: 27 } })
  })

  test("tells burn rates over each of their windows, whatever is asked for", async () => {
    const burnRates = availabilityOf(await reported("1h"), "chat")?.burnRates
    expect(burnRates?.["5m"]).toBeCloseTo(2)
    expect(burnRates?.["30m"]).toBeCloseTo(2)
    expect(burnRates?.["1h"]).toBeCloseTo(1)
    expect(burnRates?.["6h"]).toBeCloseTo(0.4)
    expect(burnRates?.["3d"]).toBeCloseTo(0.2)
  })

  test.each([
    ["6h", 50],
    ["1d", 50],
    ["7d", 100],
    ["30d", 1_000],
  ] as const)("over %s counts what ended in it", async (window, events) => {
    expect(availabilityOf(await reported(window, { route: "chat" }), "chat")?.events).toBe(events)
  })

  test("tells a tenant of itself, as far back as its hours are kept", async () => {
    expect(availabilityOf(await reported("7d", { tenantId: "acme" }), "chat")?.events).toBe(100)
    expect(availabilityOf(await reported("7d", { tenantId: "globex" }), null)?.events).toBe(0)
    const report = await reporting(rows)
    expect(await report({ window: "30d", route: null, tenantId: "acme" })).toMatchObject({ kind: "too_far_back" })
  })
})
