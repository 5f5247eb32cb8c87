import { type Simulator, startSimulator } from "@sluice/simulator"
import { type BenchOptions, onServices, pause, type Workshop } from "../lib/bench.ts"
import { countBy, percentile, table } from "../lib/figures.ts"
import { startInstallation } from "../lib/installation.ts"
import { chatJob, simulatedEndpoint } from "../lib/simulated-endpoint.ts"
import { writeResults } from "../lib/write-results.ts"

const jobsPerSecond = 30
interface Times {
  readonly beforeMs: number
  readonly outageMs: number
  readonly afterMs: number
}

const fullTimes: Times = { beforeMs: 10_000, outageMs: 30_000, afterMs: 40_000 }
const shortTimes: Times = { beforeMs: 500, outageMs: 500, afterMs: 500 }
const latency = { baseMs: 100, jitterMs: 100 }
const openMs = 15_000

interface Row {
  readonly broken: string
  readonly byStatus: Readonly<Record<string, number>>
  /** From the beginning of the outage to the last call that was not a probe's. */
  readonly stoppedAfterMs: number
  readonly callsInOutage: number
  /** From the end of the outage to the first call that was answered again. */
  readonly backAfterMs: number
  readonly completionP99Ms: number
}

/** One endpoint of two, and then both, are away for 30 s under steady load: what reaches them, and what becomes of the jobs. */
export async function measureOutage(options: BenchOptions): Promise<void> {
  const times = options.isShort ? shortTimes : fullTimes
  const rows = await onServices(options, async (workshop) => {
    const one = await measureOne(workshop, options, { title: "one of two", broken: 1, times })
    return options.isShort ? [one] : [one, await measureOne(workshop, options, { title: "both", broken: 2, times })]
  })
  writeResults("outage", options, { settings: { jobsPerSecond, ...times, latency, openMs, fallback: "none" }, rows })
  const heading = ["broken", "jobs", "succeeded", "calls stop after ms", "calls in outage", "in use again after ms", "completion p99 ms"]
  const lines = rows.map(({ broken, byStatus, stoppedAfterMs, callsInOutage, backAfterMs, completionP99Ms }) => [
    broken,
    Object.values(byStatus).reduce((sum, count) => sum + count, 0),
    byStatus.succeeded ?? 0,
    Math.round(stoppedAfterMs),
    callsInOutage,
    Math.round(backAfterMs),
    Math.round(completionP99Ms),
  ])
  process.stdout.write(`\n${table([heading, ...lines])}\n`)
}

async function measureOne(
  { services, name, say }: Workshop,
  { environment }: BenchOptions,
  { title, broken, times }: { readonly title: string; readonly broken: number; readonly times: Times },
): Promise<Row> {
  const { beforeMs, outageMs, afterMs } = times
  const log = { capacity: 100_000 }
  const simulators = await Promise.all([1, 2].map((seed) => startSimulator({ profile: "healthy", seed, latency, log })))
  const endpoints = Object.fromEntries(
    simulators.map((simulator, index) => [`sim-${index + 1}`, simulatedEndpoint(simulator, { breaker: { openMs } })]),
  )
  const canary = { messages: [{ role: "user", content: "Say ok" }] }
  const installation = await startInstallation({
    services,
    name: `${name}-broken${broken}`,
    configuration: { endpoints, routes: { chat: { canary, tiers: [{ name: "primary", endpoints: Object.keys(endpoints) }] } } },
    inherited: environment,
  })
  try {
    const submitting = submitSteadily(beforeMs + outageMs + afterMs, async (index) => {
      await installation.submit(chatJob(`Job ${index}`, { fallback: "none" }))
    })
    await pause(beforeMs)
    say(`${title}: outage begins`)
    const beganAt = Date.now()
    for (const simulator of simulators.slice(0, broken)) simulator.configure({ outage: { mode: "unavailable", durationMs: outageMs } })
    await submitting
    await installation.untilDone()
    const jobs = await installation.jobs()
    const calls = simulators.slice(0, broken).flatMap(callsOf)
    return {
      broken: title,
      byStatus: countBy(jobs, ({ status }) => status),
      ...aroundOutage(calls, { beganAt, outageMs }),
      completionP99Ms: percentile(
        jobs.map(({ createdAt, finishedAt }) => Date.parse(finishedAt ?? "") - Date.parse(createdAt)),
        0.99,
      ),
    }
  } finally {
    await installation.stop()
    await Promise.all(simulators.map((simulator) => simulator.stop()))
  }
}

async function submitSteadily(forMs: number, submit: (index: number) => Promise<void>): Promise<void> {
  const startedAt = performance.now()
  const submissions: Promise<void>[] = []
  for (let index = 0; performance.now() - startedAt < forMs; index += 1) {
    submissions.push(submit(index))
    await pause(startedAt + ((index + 1) * 1_000) / jobsPerSecond - performance.now())
  }
  await Promise.all(submissions)
}

interface Call {
  readonly atMs: number
  readonly isGood: boolean
}

function callsOf(simulator: Simulator): readonly Call[] {
  return simulator.requests().map(({ atMs, status }) => ({ atMs, isGood: status === 200 }))
}

/** After so long without a call whatever comes is a probe. */
const quietMs = 3_000

function aroundOutage(
  calls: readonly Call[],
  { beganAt, outageMs }: { readonly beganAt: number; readonly outageMs: number },
): Pick<Row, "stoppedAfterMs" | "callsInOutage" | "backAfterMs"> {
  const within = calls.filter(({ atMs }) => atMs >= beganAt && atMs < beganAt + outageMs).toSorted((a, b) => a.atMs - b.atMs)
  const last = within.find(({ atMs }, index) => (within[index + 1]?.atMs ?? Number.POSITIVE_INFINITY) - atMs > quietMs)
  const back = calls.filter(({ atMs, isGood }) => isGood && atMs >= beganAt + outageMs).map(({ atMs }) => atMs)
  return {
    stoppedAfterMs: (last?.atMs ?? beganAt) - beganAt,
    callsInOutage: within.length,
    backAfterMs: Math.min(...back) - (beganAt + outageMs),
  }
}
