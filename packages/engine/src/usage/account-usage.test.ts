import { accountableOf, type Figures, type Job, mergeUsageRows, type UsageLedger, type UsageRow, usageOfJob } from "@sluice/core"
import {
  createMemoryJobStore,
  createMemoryUsage,
  sampleAttempt,
  sampleFailure,
  sampleJob,
  sampleReplaying,
  sampleResult,
  sampleSuccess,
} from "@sluice/core/testing"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { createAccountUsage } from "./account-usage.ts"

const t0 = Date.parse("2026-01-01T23:59:00.000Z")
const at = (ms: number) => new Date(t0 + ms)

class Crash extends Error {}

interface Fate {
  /** How long each command takes, in turns of the event loop; over and over. */
  readonly pace: readonly number[]
  /** The command that it dies of, before or after that was done. */
  readonly death: { readonly command: number; readonly after: boolean } | null
}

/** A ledger used by a process of its own, which is as slow as it is, and may die in the middle. */
function mortal(ledger: UsageLedger, { pace, death }: Fate): UsageLedger {
  let commands = 0
  const run = async <T>(command: () => Promise<T>): Promise<T> => {
    const number = commands++
    for (let turns = pace[number % pace.length] ?? 0; turns > 0; turns -= 1) await Promise.resolve()
    if (number === death?.command && !death.after) throw new Crash()
    const answer = await command()
    if (number === death?.command) throw new Crash()
    return answer
  }
  return {
    page: () => run(() => ledger.page()),
    findUnaccounted: (request) => run(() => ledger.findUnaccounted(request)),
    findRows: (ids) => run(() => ledger.findRows(ids)),
    openPage: (page) => run(() => ledger.openPage(page)),
    writeRows: (page) => run(() => ledger.writeRows(page)),
    markAccounted: (page) => run(() => ledger.markAccounted(page)),
    closePage: (page) => run(() => ledger.closePage(page)),
  }
}

interface World {
  readonly jobs: ReturnType<typeof createMemoryJobStore>
  readonly usage: ReturnType<typeof createMemoryUsage>
  /** All rows that a plain sum over everything that ever happened comes to. */
  readonly expected: () => Map<string, UsageRow>
  readonly live: Map<string, Job>
  readonly gone: Job[]
  /** Accounting that goes on beside what happens next. */
  readonly underWay: Promise<unknown>[]
  readonly defects: unknown[]
}

function createWorld(): World {
  const jobs = createMemoryJobStore()
  const gone: Job[] = []
  const live = jobs.jobs
  const expected = () => mergeUsageRows([...live.values(), ...gone].flatMap((job) => usageOfJob(accountableOf(job))))
  return { jobs, usage: createMemoryUsage(jobs), expected, live, gone, underWay: [], defects: [] }
}

async function rowsOf({ usage, expected }: World): Promise<Map<string, Figures>> {
  const rows = await usage.ledger.findRows([...expected().keys()])
  return new Map([...mergeUsageRows(rows)].map(([id, row]) => [id, row.figures]))
}

const figuresOf = (rows: Map<string, UsageRow>) => new Map([...rows].map(([id, row]) => [id, row.figures]))

const attempt = fc.record({
  endpoint: fc.constantFrom("a", "b"),
  startedAt: fc.integer({ min: 0, max: 120_000 }).map(at),
  outcome: fc.constantFrom("succeeded" as const, "failed" as const, "cancelled" as const),
  usage: fc.option(fc.record({ inputTokens: fc.nat(1_000), cachedInputTokens: fc.nat(100), outputTokens: fc.nat(500) }), { nil: null }),
  costUsd: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }),
})
const attempts = fc.array(attempt, { maxLength: 3 })

const fate = fc.record({
  pace: fc.array(fc.oneof(fc.nat(3), fc.constant(100)), { minLength: 1, maxLength: 6 }),
  death: fc.option(fc.record({ command: fc.nat(20), after: fc.boolean() }), { nil: null, freq: 2 }),
})

const event = fc.oneof(
  fc.record({ do: fc.constant("submit" as const), tenantId: fc.constantFrom("acme", "globex"), route: fc.constantFrom("chat", "images") }),
  fc.record({ do: fc.constant("handBack" as const), job: fc.nat(), attempts }),
  fc.record({ do: fc.constant("succeed" as const), job: fc.nat(), attempts }),
  fc.record({ do: fc.constant("fail" as const), job: fc.nat(), attempts }),
  fc.record({ do: fc.constant("cancel" as const), job: fc.nat() }),
  fc.record({ do: fc.constant("replay" as const), job: fc.nat() }),
  fc.record({ do: fc.constant("remove" as const), job: fc.nat() }),
  fc.record({ do: fc.constant("account" as const), leaders: fc.array(fate, { minLength: 1, maxLength: 3 }) }),
)
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never

let clockMs = 0

async function happen(world: World, what: Event): Promise<void> {
  const { jobs, usage, live, gone } = world
  clockMs += 997
  const now = at(clockMs)
  if (what.do === "submit") {
    await jobs.insert(sampleJob({ tenantId: what.tenantId, route: what.route, createdAt: now }))
    return
  }
  if (what.do === "account") {
    for (const fate of what.leaders) {
      const accounting = createAccountUsage({ ledger: mortal(usage.ledger, fate), pageSize: 2 })()
      world.underWay.push(accounting.catch((error: unknown) => void (error instanceof Crash || world.defects.push(error))))
    }
    return
  }
  const job = [...live.values()][what.job % Math.max(1, live.size)]
  if (!job) return
  const { id, run, tenantId } = job
  const eventId = `evt_${id}_${clockMs}`
  const execution = { id, run, token: "t" }
  const made = "attempts" in what ? what.attempts.map((each) => sampleAttempt(each)) : []
  const claim = () => jobs.claim({ id, run, claim: { token: "t", workerId: "w", at: now } })
  switch (what.do) {
    case "handBack":
      await claim()
      await jobs.handBack({ ...execution, notBefore: null, waiting: null, enqueueDueAt: now, attempts: made })
      break
    case "succeed":
      await claim()
      await jobs.finish({ ...execution, ending: sampleSuccess({ at: now, eventId, attempts: made, result: sampleResult() }) })
      break
    case "fail":
      await claim()
      await jobs.finish({ ...execution, ending: sampleFailure({ at: now, eventId, attempts: made }) })
      break
    case "cancel":
      await jobs.cancel({ tenantId, id, at: now, eventId })
      break
    case "replay":
      await jobs.replay({ id, run, ...sampleReplaying({ replayId: `rpl_${clockMs}`, at: now }) })
      break
    case "remove": {
      const before = live.get(id)
      if ((await jobs.remove({ tenantId, id })) === "removed" && before) gone.push(before)
    }
  }
}

describe("accounting usage", () => {
  test("comes to the plain sum over all calls and ends, whatever the order of events, crashes, leaders and removals", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 60 }), async (events) => {
        const world = createWorld()
        for (const each of events) await happen(world, each)
        await Promise.all(world.underWay)
        expect(world.defects).toEqual([])
        const account = createAccountUsage({ ledger: world.usage.ledger, pageSize: 3 })
        await account()
        const expected = figuresOf(world.expected())
        expect(await rowsOf(world)).toEqual(expected)
        // Doing it again changes nothing.
        await account()
        expect(await rowsOf(world)).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  test("counts a call that was made before the last hundred, if it was accounted in time", async () => {
    const world = createWorld()
    const job = sampleJob()
    await world.jobs.insert(job)
    const account = createAccountUsage({ ledger: world.usage.ledger })
    for (let index = 0; index < 3; index += 1) {
      await world.jobs.claim({ id: job.id, run: 1, claim: { token: "t", workerId: "w", at: at(0) } })
      const made = Array.from({ length: 60 }, () => sampleAttempt({ startedAt: at(0), costUsd: 0.001 }))
      await world.jobs.handBack({ id: job.id, run: 1, token: "t", notBefore: null, waiting: null, enqueueDueAt: at(0), attempts: made })
      await account()
    }
    const [row] = await world.usage.ledger.findRows([...world.expected().keys()])
    expect(row?.figures).toMatchObject({ calls: 180, costPicoUsd: 180_000_000_000 })
  })
})
