import {
  createMemoryDeadLetterStore,
  createMemoryJobStore,
  deadLetterStoreConformance,
  sampleFailure,
  sampleJob,
} from "@sluice/core/testing"
import { describe, expect, test } from "vitest"
import { createDeadLettersHarness } from "../testing/dead-letters-harness.ts"
import { combineDeadLetters } from "./combine-dead-letters.ts"

deadLetterStoreConformance("a combination of two", () => {
  const jobs = createMemoryJobStore()
  const others = createMemoryDeadLetterStore(createMemoryJobStore())
  const deadLetters = combineDeadLetters([others, createMemoryDeadLetterStore(jobs)])
  return Promise.resolve({ jobs, deadLetters, close: () => Promise.resolve() })
})

describe("a combination of two stores of dead letters", () => {
  async function combined(times: readonly [readonly number[], readonly number[]]) {
    const stores = [createMemoryJobStore(), createMemoryJobStore()]
    for (const [index, store] of stores.entries()) {
      for (const ms of times[index] ?? []) {
        const job = sampleJob()
        await store.insert(job)
        await store.abandon({ id: job.id, run: 1, ending: sampleFailure({ at: new Date(ms) }) })
      }
    }
    return combineDeadLetters(stores.map(createMemoryDeadLetterStore))
  }
  const filter = { tenantId: "default" }

  test("pages through both by time", async () => {
    const letters = await combined([
      [1, 4, 5],
      [2, 3, 6],
    ])
    const seen: number[] = []
    for (let after: { createdAt: Date; id: string } | null = null; ; ) {
      const page = await letters.list({ filter, order: "oldest_first", after, limit: 2 })
      const last = page.at(-1)
      if (!last) break
      seen.push(...page.map(({ createdAt }) => createdAt.getTime()))
      after = last
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6])
  })

  test("adds up groups, and discards no more than it may", async () => {
    const letters = await combined([[1, 4], [2]])
    expect(await letters.summarise({ filter, by: "errorType" })).toEqual([{ key: "invalid_input", count: 3 }])
    const discard = () => letters.discard({ filter, limit: 1, by: "a", reason: "b", at: new Date() })
    expect([await discard(), await discard(), await discard(), await discard()]).toEqual([1, 1, 1, 0])
  })
})

describe("discarding", () => {
  const body = { filter: { state: "open" }, reason: "old" } as const

  test("closes what is selected, in several steps, and nothing that fails meanwhile", async () => {
    const harness = createDeadLettersHarness()
    for (let index = 0; index < 1_005; index += 1) await harness.dead()
    const { discard } = harness.deadLetters
    harness.deadLetters.discard = async (request) => {
      harness.advance(5)
      await harness.dead()
      return await discard(request)
    }
    expect(await harness.discard({ tenantId: "default", by: "key_1", body })).toEqual({ discarded: 1_005, hint: null })
    expect(await harness.deadLetters.summarise({ filter: { tenantId: "default", state: "open" }, by: "route" })).toMatchObject([
      { count: 3 },
    ])
  })

  test("says when nothing matches", async () => {
    const harness = createDeadLettersHarness()
    const outcome = await harness.discard({ tenantId: "default", by: "key_1", body })
    expect(outcome).toMatchObject({ discarded: 0, hint: expect.stringMatching(/No open dead letter/) })
  })
})

describe("upkeep", () => {
  const settle = async (harness: ReturnType<typeof createDeadLettersHarness>, count: number) => {
    for (let index = 0; index < count; index += 1) await harness.dead()
    harness.advance(30_000)
  }

  test("raises one alert when they come faster, and tells when that is over", async () => {
    const harness = createDeadLettersHarness()
    const look = harness.upkeepAs("a")
    await settle(harness, 2)
    await look()
    expect(harness.rates).toEqual([])
    await settle(harness, 3)
    await settle(harness, 2)
    await look()
    expect(harness.rates).toEqual([{ what: "grew", count: 5, usual: 2, windowMs: 60_000 }])
    // A rate that stays high is still high.
    for (let step = 0; step < 4; step += 1) {
      await settle(harness, 3)
      await look()
    }
    expect(harness.rates).toHaveLength(1)
    await settle(harness, 1)
    await settle(harness, 1)
    await look()
    expect(harness.rates.at(-1)).toEqual({ what: "recovered", count: 2, usual: 2, windowMs: 60_000 })
  })

  test("says nothing below the floor, of a rate that is usual, or when it is switched off", async () => {
    const harness = createDeadLettersHarness()
    const look = harness.upkeepAs("a")
    await settle(harness, 2)
    await look()
    for (let step = 0; step < 6; step += 1) {
      harness.settings.current = { ...harness.settings.current, alert: "off" }
      await settle(harness, 10)
      await look()
    }
    harness.settings.current = { ...harness.settings.current, alert: { windowMs: 60_000, floor: 2, factor: 2 } }
    await look()
    expect(harness.rates).toEqual([])
  })

  test("discards what was kept long enough, and nothing younger", async () => {
    const harness = createDeadLettersHarness()
    const old = await harness.dead()
    harness.advance(1)
    const young = await harness.dead()
    harness.advance(1_000_000)
    await harness.upkeepAs("a")()
    expect(harness.discardedOld).toEqual([1])
    expect(harness.jobs.jobs.get(old.id)?.deadLetter?.discarded).toMatchObject({ by: "retention", reason: "Kept for 0.01 days." })
    expect(harness.jobs.jobs.get(young.id)?.deadLetter?.discarded).toBeNull()
  })

  test("is done by one process at a time", async () => {
    const harness = createDeadLettersHarness()
    expect(await harness.upkeepAs("a")()).toEqual({ led: true })
    expect(await harness.upkeepAs("b")()).toEqual({ led: false })
  })
})
