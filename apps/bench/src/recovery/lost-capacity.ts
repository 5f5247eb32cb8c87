import { type Simulator, startSimulator } from "@sluice/simulator"
import { type BenchOptions, pause, type Workshop } from "../lib/bench.ts"
import { countBy } from "../lib/figures.ts"
import { type Installation, startInstallation } from "../lib/installation.ts"
import { chatJob, simulatedEndpoint } from "../lib/simulated-endpoint.ts"

export interface Loss {
  readonly lost: string
  /** From the end of the outage, or from the kill, until a second came in which nine tenths of the load ended. */
  readonly fullRateAfterS: number
  /** Jobs by what became of them; `lost` are those that were accepted and are not there. */
  readonly byStatus: Readonly<Record<string, number>>
}

interface Times {
  readonly beforeMs: number
  readonly outageMs: number
  readonly afterMs: number
}

const fullTimes: Times = { beforeMs: 10_000, outageMs: 15_000, afterMs: 45_000 }
const shortTimes: Times = { beforeMs: 1_000, outageMs: 300, afterMs: 1_500 }
const jobsPerSecond = 20
const fullShare = 0.9
const openMs = 5_000

/** Steady load while the only provider is away for a time, or while one of two workers is killed: how soon jobs end as fast as they come. */
export async function measureLosses(workshop: Workshop, options: BenchOptions): Promise<readonly Loss[]> {
  const times = options.isShort ? shortTimes : fullTimes
  const outage = await measureLoss(workshop, options, {
    lost: `the provider, for ${times.outageMs / 1_000} s`,
    times,
    async strike({ simulator }) {
      simulator.configure({ outage: { mode: "unavailable", durationMs: times.outageMs } })
      await pause(times.outageMs)
    },
  })
  if (options.isShort) return [outage]
  const killed = await measureLoss(workshop, options, {
    lost: "one of two workers, killed",
    times: { ...times, outageMs: 0 },
    strike({ installation }) {
      const [worker] = installation.workers
      if (worker) process.kill(worker.pid, "SIGKILL")
      return Promise.resolve()
    },
  })
  return [outage, killed]
}

interface Stage {
  readonly simulator: Simulator
  readonly installation: Installation
}

interface Plan {
  readonly lost: string
  readonly times: Times
  /** Resolves when the trouble is over. */
  strike(stage: Stage): Promise<void>
}

async function measureLoss({ services, name, say }: Workshop, options: BenchOptions, { lost, times, strike }: Plan): Promise<Loss> {
  const simulator = await startSimulator({ profile: "healthy", seed: options.seed, latency: { baseMs: 500, jitterMs: 100 } })
  const canary = { messages: [{ role: "user", content: "Say ok" }] }
  const installation = await startInstallation({
    services,
    name: `${name}-${times.outageMs}`,
    configuration: {
      endpoints: { sim: simulatedEndpoint(simulator, { breaker: { openMs } }) },
      routes: { chat: { canary, tiers: [{ name: "primary", endpoints: ["sim"] }] } },
    },
    workers: options.isShort ? 1 : 2,
    inherited: options.environment,
  })
  try {
    const startedAt = Date.now()
    const submitting = submitUntil(startedAt + times.beforeMs + times.outageMs + times.afterMs, installation)
    await pause(times.beforeMs)
    say(`lost: ${lost}`)
    await strike({ simulator, installation })
    const overAt = Date.now()
    const submitted = await submitting
    await installation.untilDone()
    const jobs = await installation.jobs()
    const ends = jobs.flatMap(({ finishedAt }) => (finishedAt === null ? [] : [Date.parse(finishedAt)]))
    const known = countBy(jobs, ({ status }) => status)
    const byStatus = submitted === jobs.length ? known : { ...known, lost: submitted - jobs.length }
    return { lost, fullRateAfterS: fullRateAfter(ends, overAt), byStatus }
  } finally {
    await installation.stop()
    await simulator.stop()
  }
}

async function submitUntil(endAt: number, installation: Installation): Promise<number> {
  const startedAt = Date.now()
  const submissions: Promise<string>[] = []
  while (Date.now() < endAt) {
    submissions.push(installation.submit(chatJob(`Job ${submissions.length}`, { fallback: "none" })))
    await pause(Math.max(1, startedAt + (submissions.length * 1_000) / jobsPerSecond - Date.now()))
  }
  return (await Promise.all(submissions)).length
}

/** Looks at each second that begins a tenth of a second after the other. */
function fullRateAfter(ends: readonly number[], overAt: number): number {
  const last = Math.max(overAt, ...ends)
  for (let from = overAt; from < last; from += 100) {
    const within = ends.filter((end) => end >= from && end < from + 1_000).length
    if (within >= jobsPerSecond * fullShare) return (from - overAt) / 1_000
  }
  return Number.POSITIVE_INFINITY
}
