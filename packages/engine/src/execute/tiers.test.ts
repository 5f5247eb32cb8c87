import type { AdmitOutcome } from "@sluice/core"
import { createMemoryResultCache } from "@sluice/core/testing"
import { describe, expect, test } from "vitest"
import { always, catalogOf, createHarness } from "../testing/harness.ts"
import { openAdmission } from "../testing/open-admission.ts"

const t0 = new Date("2026-01-01T00:00:00.000Z")
const outage = () =>
  openAdmission({
    answer: (): AdmitOutcome => ({
      kind: "refused",
      reason: "breaker_open",
      endpoint: "a",
      retryInMs: 15_000,
      unavailableSinceMs: t0.getTime() - 60_000,
    }),
  })

const primary = { name: "primary", endpoints: ["a"] }
const text = "The parcel arrived late. The customer is angry. They ask for a refund of the postage."

async function inOutage(
  tiers: readonly object[],
  options: { fallback?: "none" | "provider" | "any"; task?: string; cache?: ReturnType<typeof createMemoryResultCache> } = {},
) {
  const catalog = catalogOf({
    endpoints: { a: {} },
    route: { tiers: [primary, ...tiers], cache: { exact: { ttlMs: 60_000 } } },
  })
  const plain = await createHarness({ script: always({ text: "never" }) })
  const job = {
    options: { ...plain.job.options, fallback: options.fallback ?? "any", degradeAfterMs: 0, task: options.task ?? null },
    work: { kind: "chat" as const, input: { messages: [{ role: "user" as const, content: text }] } },
    deadline: new Date(t0.getTime() + 7_200_000),
  }
  return await createHarness({
    script: always({ text: "never" }),
    admission: outage(),
    catalog,
    job,
    ...(options.cache && { cache: options.cache }),
  })
}

describe("a primary tier in outage", () => {
  const rules = { name: "rules", rule: "extractive-summary" }
  const fixed = { name: "static", output: { text: "Please try again later." }, tasks: { greeting: { text: "Hello!" } } }

  test("is answered for by a rule, which says so", async () => {
    const { executeToEnd, provider } = await inOutage([rules, fixed])
    const ended = await executeToEnd()
    expect(ended).toMatchObject({
      status: "succeeded",
      attemptCount: 0,
      result: {
        provenance: {
          requested: { tier: "primary", model: "m" },
          served: { tier: "rules", endpoint: null, provider: null, model: null },
          quality: "generic",
          degraded: true,
          degradedReason: "a breaker_open for 60 s",
        },
        cost: { usd: 0 },
      },
    })
    expect(provider.calls).toHaveLength(0)
  })

  test("is answered for by the text for the task", async () => {
    const { executeToEnd } = await inOutage([fixed], { task: "greeting" })
    expect(await executeToEnd()).toMatchObject({
      status: "succeeded",
      result: { output: { value: { text: "Hello!" } }, provenance: { served: { tier: "static" }, quality: "minimal" } },
    })
  })

  test("is answered for by what was answered before, however old", async () => {
    const cache = createMemoryResultCache()
    const before = await createHarness({
      script: always({ text: "Refund the postage." }),
      cache,
      catalog: catalogOf({ endpoints: { a: {} }, route: { cache: { exact: { ttlMs: 1 } } } }),
      job: { work: { kind: "chat", input: { messages: [{ role: "user", content: text }] } } },
    })
    await before.executeToEnd()
    const { executeToEnd, advanceTo } = await inOutage([{ name: "cache" }, fixed], { cache })
    advanceTo(new Date(t0.getTime() + 3_600_000))
    expect(await executeToEnd()).toMatchObject({
      status: "succeeded",
      result: {
        output: { value: { text: "Refund the postage." } },
        provenance: {
          served: { tier: "cache", endpoint: "a" },
          quality: "stale",
          cache: { kind: "exact", ageMs: 3_600_000, similarity: 1 },
        },
      },
    })
  })

  test.each(["none", "provider"] as const)("gives no canned text to a caller who says %s", async (fallback) => {
    const { executeToEnd } = await inOutage([rules, fixed], { fallback })
    expect(await executeToEnd()).toMatchObject({ status: "expired" })
  })
})

describe("the exact cache", () => {
  const catalog = catalogOf({ endpoints: { a: {} }, route: { cache: { exact: { ttlMs: 60_000 } } } })

  test("answers the same request without a call while it is fresh, and says so", async () => {
    const cache = createMemoryResultCache()
    const first = await createHarness({ script: always({ text: "one" }), catalog, cache })
    await first.executeToEnd()
    const second = await createHarness({ script: always({ text: "two" }), catalog, cache })
    expect(await second.executeToEnd()).toMatchObject({
      status: "succeeded",
      attemptCount: 0,
      result: {
        output: { value: { text: "one" } },
        provenance: { served: { tier: "primary", endpoint: "a" }, quality: "full", degraded: false, cache: { kind: "exact", ageMs: 0 } },
        usage: null,
      },
    })
    const stale = await createHarness({ script: always({ text: "three" }), catalog, cache })
    stale.advanceTo(new Date(t0.getTime() + 60_001))
    expect(await stale.executeToEnd()).toMatchObject({ attemptCount: 1, result: { output: { value: { text: "three" } } } })
  })

  test("never fails a job when it fails itself", async () => {
    const cache = createMemoryResultCache()
    cache.find = () => Promise.reject(new Error("down"))
    cache.put = () => Promise.reject(new Error("down"))
    const { executeToEnd } = await createHarness({ script: always({ text: "hi" }), catalog, cache })
    expect(await executeToEnd()).toMatchObject({ status: "succeeded", attemptCount: 1 })
  })
})
