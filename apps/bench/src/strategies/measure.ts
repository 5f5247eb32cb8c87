import { type Simulator, startSimulator } from "@sluice/simulator"
import { type BenchOptions, onServices, pause, type Workshop } from "../lib/bench.ts"
import { asPercent, percentile, table } from "../lib/figures.ts"
import { writeResults } from "../lib/write-results.ts"
import { directCaller, type Outcome, type Strategy, sluiceCaller, strategies } from "./strategies.ts"

/** Each second of it counts from when the load begins. */
interface Course {
  readonly perSecond: number
  readonly healthyMs: number
  readonly faultyMs: number
  readonly outageMs: number
  readonly afterMs: number
}

const course: Course = { perSecond: 12, healthyMs: 10_000, faultyMs: 20_000, outageMs: 30_000, afterMs: 20_000 }
const shortCourse: Course = { perSecond: 10, healthyMs: 600, faultyMs: 400, outageMs: 800, afterMs: 600 }
/** Of the provider's answers; what a call takes beyond it was added. */
const latency = { baseMs: 100, jitterMs: 0 }
const settlingMs = 3_000
const limits = { requestsPerMinute: 1_200, burstMs: 1_000 }

interface Row {
  readonly strategy: string
  readonly calls: number
  readonly failed: number
  readonly addedP50Ms: number
  readonly addedP99Ms: number
  /** Answers a second from the beginning to the end of the load. */
  readonly answersPerSecond: number
  readonly callsInOutage: number
  /** From the provider's return to the first answer. */
  readonly backAfterMs: number
  /** From the provider's return until whatever was accepted had an end. */
  readonly caughtUpAfterMs: number
}

/**
 * The same load through the same course, each strategy on a simulated provider of its own with the same seed, three at the same time:
 * healthy, then faulty, then away for 30 s, then faulty again.
 */
export async function measureStrategies(options: BenchOptions): Promise<void> {
  const taken = options.isShort ? shortCourse : course
  const rows = await onServices(options, async (workshop) => {
    const measured: Row[] = []
    for (const group of groupsOf(options)) {
      workshop.say(`${group.map(({ title }) => title).join("; ")}: at the same time`)
      measured.push(...(await measureGroup(workshop, options, { group, taken })))
    }
    return measured
  })
  writeStrategies(options, taken, rows)
}

/** As many as a small machine carries without becoming what is measured. */
const groupSize = 3

function groupsOf({ isShort }: BenchOptions): readonly (readonly Strategy[])[] {
  const all = isShort ? strategies.slice(-1) : strategies
  return Array.from({ length: Math.ceil(all.length / groupSize) }, (_, index) => all.slice(index * groupSize, (index + 1) * groupSize))
}

async function measureGroup(
  { services, name }: Workshop,
  options: BenchOptions,
  { group, taken }: { readonly group: readonly Strategy[]; readonly taken: Course },
): Promise<readonly Row[]> {
  const rides = await Promise.all(
    group.map(async (strategy) => {
      const simulator = await startSimulator({ profile: "healthy", seed: options.seed, latency, limits, log: { capacity: 200_000 } })
      const place = { services, name: `${name}-${strategies.indexOf(strategy)}`, simulator, inherited: options.environment }
      const caller = strategy.settings === null ? directCaller(simulator) : await sluiceCaller(place, strategy.settings)
      return { strategy, simulator, caller }
    }),
  )
  try {
    // What the processes spend on starting is none of the load.
    await pause(options.isShort ? 100 : settlingMs)
    return await Promise.all(rides.map((ride) => measureOne(ride, taken)))
  } finally {
    await Promise.all(rides.map(({ caller, simulator }) => caller.stop().then(() => simulator.stop())))
  }
}

interface Ride {
  readonly strategy: Strategy
  readonly simulator: Simulator
  readonly caller: ReturnType<typeof directCaller>
}

async function measureOne({ strategy, simulator, caller }: Ride, taken: Course): Promise<Row> {
  const startedAt = Date.now()
  const outageAt = startedAt + taken.healthyMs + taken.faultyMs
  const backAt = outageAt + taken.outageMs
  const lastsMs = backAt + taken.afterMs - startedAt
  const breaking = (async () => {
    await pause(taken.healthyMs)
    simulator.configure({ profile: "fault-mix" })
    await pause(Math.max(1, outageAt - Date.now()))
    simulator.configure({ outage: { mode: "unavailable", durationMs: taken.outageMs } })
  })()
  const calls: Promise<Outcome>[] = []
  for (let index = 0; Date.now() - startedAt < lastsMs; index += 1) {
    calls.push(caller.call(`Job ${index}: a parcel arrived late.`))
    await pause(Math.max(1, startedAt + ((index + 1) * 1_000) / taken.perSecond - Date.now()))
  }
  await breaking
  const outcomes = await caller.settle(calls)
  const good = outcomes.filter(({ isGood }) => isGood)
  const added = good.filter(({ atMs }) => atMs < startedAt + taken.healthyMs).map(({ atMs, endMs }) => endMs - atMs - latency.baseMs)
  const requests = simulator.requests()
  return {
    strategy: strategy.title,
    calls: outcomes.length,
    failed: outcomes.length - good.length,
    addedP50Ms: percentile(added, 0.5),
    addedP99Ms: percentile(added, 0.99),
    answersPerSecond: (good.filter(({ endMs }) => endMs <= startedAt + lastsMs).length / lastsMs) * 1_000,
    callsInOutage: requests.filter(({ atMs }) => atMs >= outageAt && atMs < backAt).length,
    backAfterMs: Math.min(...good.map(({ endMs }) => endMs).filter((endMs) => endMs >= backAt)) - backAt,
    caughtUpAfterMs: Math.max(0, ...outcomes.filter(({ atMs }) => atMs < backAt).map(({ endMs }) => endMs - backAt)),
  }
}

function writeStrategies(options: BenchOptions, taken: Course, rows: readonly Row[]): void {
  writeResults("strategies", options, {
    settings: { ...taken, latency, limits, strategies: strategies.map(({ title, settings }) => ({ title, settings })) },
    rows,
  })
  const heading = [
    "",
    "calls",
    "failed",
    "added p50 ms",
    "added p99 ms",
    "answers/s",
    "calls in the outage",
    "first answer after s",
    "caught up after s",
  ]
  const lines = rows.map((row) => [
    row.strategy,
    row.calls,
    `${row.failed} (${asPercent(row.failed / row.calls)})`,
    Math.round(row.addedP50Ms),
    Math.round(row.addedP99Ms),
    row.answersPerSecond.toFixed(1),
    row.callsInOutage,
    (row.backAfterMs / 1_000).toFixed(1),
    (row.caughtUpAfterMs / 1_000).toFixed(1),
  ])
  process.stdout.write(`\n${table([heading, ...lines])}\n`)
}
