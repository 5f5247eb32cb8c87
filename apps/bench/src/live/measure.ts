import { readFileSync } from "node:fs"
import { type Client, createClient } from "@sluice/client"
import { startSimulator } from "@sluice/simulator"
import { type BenchOptions, onServices, pause, type Workshop } from "../lib/bench.ts"
import { concurrently } from "../lib/concurrently.ts"
import { cpuTimeMs, percentile, table } from "../lib/figures.ts"
import { type Installation, startInstallation } from "../lib/installation.ts"
import { chatJob, simulatedEndpoint } from "../lib/simulated-endpoint.ts"
import { writeResults } from "../lib/write-results.ts"
import { countSubscribers } from "./count-subscribers.ts"

const defaultReaders = 1_000
const submitters = 32
/** About 300 tokens, as a model writes them. */
const answer = "The river rises. ".repeat(70)
const chunkCharacters = 4
/** Long enough for all readers to be there when it begins. */
const writing = { firstChunkMs: 3_000, chunkMs: 250, jitterMs: 4_000 }

/** Each of as many jobs is waited for by a long poll and watched by a stream, all on one API process; then what streaming costs. */
export async function measureLive(options: BenchOptions): Promise<void> {
  const readers = options.jobs ?? (options.isShort ? 10 : defaultReaders)
  const figures = await onServices(options, async (workshop) => ({
    readers: await measureReaders(workshop, options, readers),
    costs: await measureCosts(workshop, options, Math.min(2_000, 2 * readers)),
  }))
  writeResults("live", options, { settings: { readers, answerChars: answer.length, chunkCharacters, workers: 1 }, ...figures })
  const { rows, ...counts } = figures.readers
  process.stdout.write(`\n${table([["who", "asked", "answered", "right", "lag p50 ms", "lag p99 ms"], ...rows])}\n`)
  process.stdout.write(`${JSON.stringify(counts)}\n`)
  process.stdout.write(`\n${table([["calls", "jobs/s", "worker ms/job"], ...figures.costs])}\n`)
}

async function measureReaders({ services, name, say }: Workshop, { environment, isShort }: BenchOptions, readers: number) {
  const answers = { text: answer, chunkCharacters: 40 }
  const simulator = await startSimulator({ profile: "healthy", answers, latency: isShort ? {} : writing })
  const installation = await startInstallation({
    services,
    name: `${name}-readers`,
    concurrency: readers,
    configuration: configurationFor(simulatedEndpoint(simulator, { timeoutMs: 60_000, limits: "off" })),
    inherited: environment,
  })
  try {
    const client = createClient({ baseUrl: installation.url, apiKey: installation.adminKey })
    const idleBytes = residentBytes(installation.api.pid)
    const ids: string[] = []
    await concurrently(readers, submitters, async (index) => void ids.push(await installation.submit(chatJob(`Job ${index}`))))
    const pieces: number[] = []
    const polls = Promise.allSettled(ids.map((id) => longPoll(client, id)))
    const streams = Promise.allSettled(ids.map((id) => readStream(client, id, pieces)))
    let peakBytes = 0
    const watching = setInterval(() => {
      peakBytes = Math.max(peakBytes, residentBytes(installation.api.pid))
    }, 500)
    await pause(isShort ? 300 : 5_000)
    const subscribers = await countSubscribers(services.redisUrl, `${name}-readers`)
    const [polled, streamed] = [await polls, await streams]
    clearInterval(watching)
    say(`${readers} long polls and ${readers} streams have ended`)
    return {
      rows: [rowOf("long polls", polled), rowOf("streams", streamed)],
      piecesP50: percentile(pieces, 0.5),
      apiIdleMiB: toMiB(idleBytes),
      apiPeakMiB: toMiB(peakBytes),
      subscribersOfTheApiAndTheWorker: subscribers,
    }
  } finally {
    await installation.stop()
    await simulator.stop()
  }
}

async function longPoll(client: Client, id: string): Promise<Answered> {
  const job = await client.jobs.wait(id, { timeoutMs: 300_000, pollMs: 60_000 })
  return { isRight: textOf(job.output) === answer, lagMs: lagOf(job.finishedAt) }
}

/** Puts the text together; `pieces` gets how many there were. */
async function readStream(client: Client, id: string, pieces: number[]): Promise<Answered> {
  let text = ""
  let count = 0
  for await (const event of client.jobs.stream(id)) {
    if (event.type === "output.reset") text = ""
    if (event.type === "output.delta") {
      text += event.text
      count += 1
    }
    if ("job" in event) {
      pieces.push(count)
      return { isRight: text === answer, lagMs: lagOf(event.job.finishedAt) }
    }
  }
  return null
}

type Answered = { readonly isRight: boolean; readonly lagMs: number } | null

function rowOf(who: string, outcomes: readonly PromiseSettledResult<Answered>[]) {
  const answered = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" && outcome.value ? [outcome.value] : []))
  const lags = answered.map(({ lagMs }) => lagMs)
  const right = answered.filter(({ isRight }) => isRight).length
  return [who, outcomes.length, answered.length, right, Math.round(percentile(lags, 0.5)), Math.round(percentile(lags, 0.99))]
}

/** The same jobs, asked for in one piece, as streams that nobody watches, and as streams that somebody watches. */
async function measureCosts(workshop: Workshop, options: BenchOptions, jobs: number) {
  const rows: (string | number)[][] = []
  const kinds = [
    { title: "in one piece", streaming: "off", isWatched: false },
    { title: "streamed, nobody watches", streaming: "always", isWatched: false },
    { title: "streamed, all watched", streaming: "always", isWatched: true },
  ]
  for (const kind of options.isShort ? kinds.slice(2) : kinds) rows.push(await measureCost(workshop, options, { ...kind, jobs }))
  return rows
}

interface Kind {
  readonly title: string
  readonly streaming: string
  readonly isWatched: boolean
  readonly jobs: number
}

async function measureCost({ services, name }: Workshop, { environment }: BenchOptions, { title, streaming, isWatched, jobs }: Kind) {
  const simulator = await startSimulator({ profile: "healthy", answers: { text: answer, chunkCharacters } })
  const installation = await startInstallation({
    services,
    name: `${name}-${streaming}${isWatched ? "-watched" : ""}`,
    configuration: configurationFor({ ...simulatedEndpoint(simulator), streaming }),
    inherited: environment,
  })
  try {
    const pid = installation.workers[0]?.pid ?? 0
    const startedAtMs = performance.now()
    const usedBeforeMs = cpuTimeMs(pid)
    await concurrently(jobs, submitters, async (index) => {
      const id = await installation.submit(chatJob(`Job ${index}`))
      if (isWatched) await drained(installation, id)
    })
    await installation.untilDone()
    const tookMs = performance.now() - startedAtMs
    return [title, Math.round((jobs / tookMs) * 1_000), ((cpuTimeMs(pid) - usedBeforeMs) / jobs).toFixed(2)]
  } finally {
    await installation.stop()
    await simulator.stop()
  }
}

async function drained({ url, adminKey }: Installation, id: string): Promise<void> {
  for await (const _event of createClient({ baseUrl: url, apiKey: adminKey }).jobs.stream(id));
}

function configurationFor(endpoint: object): object {
  return { endpoints: { sim: endpoint }, routes: { chat: { tiers: [{ name: "primary", endpoints: ["sim"] }] } } }
}

function textOf(output: unknown): unknown {
  return typeof output === "object" && output !== null && "text" in output ? output.text : null
}

function lagOf(finishedAt: string | null): number {
  return Date.now() - Date.parse(finishedAt ?? "")
}

function residentBytes(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
  return Number(kilobytes ?? 0) * 1_024
}

function toMiB(bytes: number): number {
  return Math.round(bytes / 1_048_576)
}
