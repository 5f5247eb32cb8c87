import { startSimulator } from "@sluice/simulator"
import { Redis } from "ioredis"
import { type BenchOptions, onServices, type Workshop } from "../lib/bench.ts"
import { countCommands } from "../lib/count-commands.ts"
import { clearProfiles, profilingEnvironment, readProfile } from "../lib/cpu-profile.ts"
import { asPercent, percentile, table } from "../lib/figures.ts"
import { writeResults } from "../lib/write-results.ts"
import { type Contender, type ContenderOptions, startFloor, startSluice } from "./contender.ts"
import { accept, type Client, createClient, keepPace, runThrough, untilDone } from "./phases.ts"

const defaultJobs = 3_000
const concurrency = 100
/** Of what the floor gets through: with little to do, and with much. */
const paceShares = [0.1, 0.5]
const all = [
  { id: "f", start: startFloor },
  { id: "s", start: (options: ContenderOptions) => startSluice(options) },
  { id: "p", start: (options: ContenderOptions) => startSluice({ ...options, streaming: "off" }) },
] as const

type Starter = (typeof all)[number]
type Figures = Record<string, number>

/**
 * Sluice, as it comes and with calls in one piece, beside what a good engineer writes in an afternoon without it: the same Redis and MongoDB, provider, prompts, number of
 * processes and jobs at a time, in turns.
 */
export async function measureFloor(options: BenchOptions): Promise<void> {
  const jobs = options.jobs ?? (options.isShort ? 60 : defaultJobs)
  const [rounds, paceSeconds, starters] = options.isShort ? ([1, 1, all.slice(0, 2)] as const) : ([3, 6, all] as const)
  const measured = await onServices(options, (workshop) => measureAll(workshop, options, { jobs, rounds, paceSeconds, starters }))
  const settings = { jobs, rounds, concurrency, paceSeconds, paceShares, processes: "1 API, 1 worker", writeConcern: "majority, journal" }
  writeResults("floor", options, { settings, ...measured })
  const [floor = {}, ...others] = measured.medians
  const lines = Object.keys(floor).map((name) => {
    const of = floor[name] ?? Number.NaN
    return [name, format(of), ...others.flatMap((figures) => [format(figures[name] ?? Number.NaN), ((figures[name] ?? 0) / of).toFixed(2)])]
  })
  const heading = ["", ...measured.rounds.flatMap(({ title }, index) => (index === 0 ? [title] : [title, "/ floor"]))]
  process.stdout.write(`\n${JSON.stringify(settings)}\n${table([heading, ...lines])}\n`)
  if (options.isProfiled) for (const process of measured.processes) printProfile(process)
}

interface Profiled {
  readonly title: string
  readonly pid: number
}

const shownShares = 16

function printProfile({ title, pid }: Profiled): void {
  const { file, shares } = readProfile(pid)
  const lines = shares.slice(0, shownShares).map(({ where, share }) => [where, asPercent(share)])
  process.stdout.write(`\nWhere ${title} spent its time (the whole: ${file})\n${table(lines)}\n`)
}

interface Effort {
  readonly jobs: number
  readonly rounds: number
  readonly paceSeconds: number
  readonly starters: readonly Starter[]
}

async function measureAll(workshop: Workshop, { environment, isProfiled = false }: BenchOptions, effort: Effort) {
  if (isProfiled) clearProfiles()
  const simulator = await startSimulator({ profile: "healthy", latency: { baseMs: 0, jitterMs: 0 } })
  const client = createClient()
  const optionsOf = (name: string): ContenderOptions => ({
    services: workshop.services,
    name: `${workshop.name}-${name}`,
    simulator,
    concurrency,
    inherited: environment,
    ...(isProfiled && { environment: profilingEnvironment() }),
  })
  try {
    const { taken, processes } = await interleave(workshop, { optionsOf, client, ...effort })
    const commands: Readonly<Record<string, number>>[] = []
    for (const { id, start } of effort.starters)
      commands.push(await countPerJob(start, optionsOf(`${id}-counted`), client, Math.min(effort.jobs, 1_000)))
    const medians = taken.map(({ list }, index) => ({ ...medianOf(list), ...commandFigures(commands[index] ?? {}) }))
    return { medians, rounds: taken, commandsPerJob: commands, processes }
  } finally {
    await client.close()
    await simulator.stop()
  }
}

interface Match extends Effort {
  readonly optionsOf: (name: string) => ContenderOptions
  readonly client: Client
}

async function interleave({ services, say }: Workshop, { optionsOf, client, jobs, rounds, paceSeconds, starters }: Match) {
  const contenders: Contender[] = []
  const lists: Figures[][] = starters.map(() => [])
  const eachTurn = async (what: string, measure: (contender: Contender, list: Figures[]) => Promise<Figures>) => {
    for (const [index, contender] of contenders.entries()) {
      const list = lists[index] ?? []
      const figures = await measure(contender, list)
      say(
        `${what}, ${contender.title}: ${JSON.stringify(figures, (_key, value) => (typeof value === "number" ? Number(format(value)) : value))}`,
      )
    }
  }
  const redis = new Redis(services.redisUrl)
  try {
    for (const { id, start } of starters) contenders.push(await start(optionsOf(id)))
    await eachTurn("warm-up", async (contender) => ({ ...(await accept(contender, client, Math.min(jobs, 1_000))) }))
    for (let round = 1; round <= rounds; round += 1)
      await eachTurn(`accepting ${round}`, async (contender, list) => {
        const before = await usedBytes(redis)
        const accepted = await accept(contender, client, jobs)
        const redisBytesPerQueuedJob = ((await usedBytes(redis)) - before) / jobs
        const figures = { submitsPerSecond: accepted.perSecond, submitApiCpuMs: accepted.apiCpuMsPerJob, redisBytesPerQueuedJob }
        list.push(figures)
        return figures
      })
    await eachTurn("drain", async (contender) => {
      const expected = contender.calls() + (await contender.jobs.countDocuments({ status: "queued" }))
      const startedAt = performance.now()
      await contender.startWorker()
      await untilDone(contender, expected)
      return { seconds: (performance.now() - startedAt) / 1_000 }
    })
    for (let round = 1; round <= rounds; round += 1)
      await eachTurn(`end to end ${round}`, async (contender, list) =>
        merge(list, round, { ...(await runThrough(contender, client, jobs)) }),
      )
    const capacity = medianOf(lists[0] ?? []).jobsPerSecond ?? 100
    for (const share of paceShares)
      for (let round = 1; round <= rounds; round += 1)
        await eachTurn(`at ${asPercent(share)} of the floor's jobs/s ${round}`, async (contender, list) => {
          const taken = await keepPace(contender, client, { perSecond: Math.ceil(share * capacity), seconds: paceSeconds })
          return merge(list, round, Object.fromEntries(Object.entries(taken).map(([name, ms]) => [`${name} at ${asPercent(share)}`, ms])))
        })
    return {
      taken: contenders.map(({ title }, index) => ({ title, list: lists[index] ?? [] })),
      processes: contenders.flatMap(processesOf),
    }
  } finally {
    redis.disconnect()
    await Promise.all(contenders.map((contender) => contender.stop()))
  }
}

function processesOf({ title, api, worker }: Contender): readonly Profiled[] {
  const working = worker()
  return [{ title: `${title}'s API`, pid: api.pid }, ...(working ? [{ title: `${title}'s worker`, pid: working.pid }] : [])]
}

function merge(list: Figures[], round: number, figures: Figures): Figures {
  list[round - 1] = { ...list[round - 1], ...figures }
  return figures
}

/** Commands to MongoDB of both processes, in a run of its own, since the counting proxy costs time. */
async function countPerJob(
  start: (options: ContenderOptions) => Promise<Contender>,
  options: ContenderOptions,
  client: Client,
  jobs: number,
): Promise<Readonly<Record<string, number>>> {
  const counter = await countCommands(options.services.mongodbUrl)
  const contender = await start({ ...options, services: { ...options.services, mongodbUrl: counter.url } })
  try {
    await contender.startWorker()
    await runThrough(contender, client, Math.min(500, jobs))
    const before = counter.counts()
    await runThrough(contender, client, jobs)
    const entries = Object.entries(counter.counts()).map(([name, count]) => [name, (count - (before[name] ?? 0)) / jobs] as const)
    return Object.fromEntries(entries.filter(([, perJob]) => perJob > 0))
  } finally {
    await contender.stop()
    counter.stop()
  }
}

function commandFigures(commands: Readonly<Record<string, number>>): Figures {
  return { mongodbCommandsPerJob: Object.values(commands).reduce((sum, count) => sum + count, 0) }
}

function medianOf(list: readonly Figures[]): Figures {
  const names = Object.keys(list[0] ?? {})
  return Object.fromEntries(names.map((name) => [name, percentile(list.map((figures) => figures[name] ?? 0).filter(Number.isFinite), 0.5)]))
}

async function usedBytes(redis: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info("memory"))?.[1] ?? 0)
}

function format(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toPrecision(3)
}
