import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { freePort, startRedis } from "@sluice/devstack"
import { startSimulator } from "@sluice/simulator"
import { Redis } from "ioredis"
import { type BenchOptions, onServices, pause, type Workshop } from "../lib/bench.ts"
import { concurrently } from "../lib/concurrently.ts"
import { countBy, percentile, table } from "../lib/figures.ts"
import { type Installation, startInstallation } from "../lib/installation.ts"
import { chatJob, simulatedEndpoint } from "../lib/simulated-endpoint.ts"
import { writeResults } from "../lib/write-results.ts"
import { measureLosses } from "./lost-capacity.ts"

const defaultJobs = 10_000
const workers = 2
const concurrency = 200
const submitLanes = 100
const pollMs = 100
const fullTimes = { outageMs: 10_000, aroundOutageMs: 3_000 }
const shortTimes = { outageMs: 300, aroundOutageMs: 300 }
const submitsPerSecond = 50

/** A Redis of its own is emptied under a long line, and then killed for ten seconds while jobs come; then a provider is away, and a worker killed. */
export async function measureRecovery(options: BenchOptions): Promise<void> {
  const times = options.isShort ? shortTimes : fullTimes
  const jobs = options.jobs ?? (options.isShort ? 50 : defaultJobs)
  const figures = await onServices(options, async (workshop) => ({
    flushed: await onOwnRedis(workshop, options, (stage) => measureFlush(stage, jobs)),
    away: await onOwnRedis(workshop, options, (stage) => measureSubmitsWithoutRedis(stage, times)),
    losses: await measureLosses(workshop, options),
  }))
  const { flushed, away } = figures
  writeResults("recovery", options, { settings: { workers, concurrency, ...times, submitsPerSecond }, ...figures })
  const lines = [
    ["FLUSHALL with jobs", flushed.jobs],
    ["all running or ended, after s", flushed.noneInLineAfterS.toFixed(1)],
    ["all ended, after s", flushed.allEndedAfterS.toFixed(1)],
    ["ends", JSON.stringify(flushed.byStatus)],
    ["calls to the provider beyond one a job", flushed.extraCalls],
    [`submits within ${times.outageMs / 1_000} s without Redis`, away.submitted],
    ["accepted", away.accepted],
    ["answered within ms, p50 / p99 / longest", `${away.p50Ms} / ${away.p99Ms} / ${away.longestMs}`],
    ["ends", JSON.stringify(away.byStatus)],
    ["last end, after Redis was back, s", away.lastEndAfterS.toFixed(1)],
    ...figures.losses.flatMap(({ lost, fullRateAfterS, byStatus }) => [
      [`lost: ${lost}; full rate again after s`, fullRateAfterS.toFixed(1)],
      ["ends", JSON.stringify(byStatus)],
    ]),
  ]
  process.stdout.write(`\n${table(lines)}\n`)
}

interface Stage {
  readonly installation: Installation
  readonly redis: { readonly url: string; restart(meanwhileMs: number): Promise<void> }
  readonly calls: () => number
  readonly say: (line: string) => void
}

async function onOwnRedis<T>(
  { services, name, say }: Workshop,
  { environment, seed }: BenchOptions,
  measure: (stage: Stage) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-bench-redis-"))
  const port = await freePort()
  let server = await startRedis({ folder, port })
  const simulator = await startSimulator({ profile: "healthy", seed, latency: { baseMs: 10, jitterMs: 10 } })
  const installation = await startInstallation({
    services: { ...services, redisUrl: server.url },
    name: `${name}-${port}`,
    configuration: {
      endpoints: { sim: simulatedEndpoint(simulator) },
      routes: { chat: { tiers: [{ name: "primary", endpoints: ["sim"] }] } },
    },
    workers: 0,
    concurrency,
    inherited: environment,
  })
  const redis = {
    url: server.url,
    async restart(meanwhileMs: number) {
      await server.crash()
      await pause(meanwhileMs)
      server = await startRedis({ folder, port })
    },
  }
  try {
    return await measure({ installation, redis, calls: () => simulator.counters().received, say })
  } finally {
    await installation.stop()
    await simulator.stop()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureFlush({ installation, redis, calls, say }: Stage, jobs: number) {
  await concurrently(jobs, submitLanes, async (index) => void (await installation.submit(chatJob(`Job ${index}`))))
  await Promise.all(Array.from({ length: workers }, () => installation.startWorker()))
  say(`FLUSHALL with ${jobs} jobs accepted`)
  await flush(redis.url)
  const flushedAt = performance.now()
  const since = () => (performance.now() - flushedAt) / 1_000
  while (await installation.hasJobs("queued")) await pause(pollMs)
  const noneInLineAfterS = since()
  await installation.untilDone()
  const allEndedAfterS = since()
  const byStatus = countBy(await installation.jobs(), ({ status }) => status)
  return { jobs, noneInLineAfterS, allEndedAfterS, byStatus, extraCalls: calls() - jobs }
}

async function measureSubmitsWithoutRedis({ installation, redis, say }: Stage, { outageMs, aroundOutageMs }: typeof fullTimes) {
  await Promise.all(Array.from({ length: workers }, () => installation.startWorker()))
  const answers: { readonly atMs: number; readonly tookMs: number; readonly isAccepted: boolean }[] = []
  const startedAt = performance.now()
  const submit = async (index: number) => {
    const atMs = performance.now() - startedAt
    const isAccepted = await installation.submit(chatJob(`Job ${index}`)).then(
      () => true,
      () => false,
    )
    answers.push({ atMs, tookMs: performance.now() - startedAt - atMs, isAccepted })
  }
  const submits: Promise<void>[] = []
  const submitting = (async () => {
    for (let index = 0; performance.now() - startedAt < outageMs + 2 * aroundOutageMs; index += 1) {
      submits.push(submit(index))
      await pause(startedAt + ((index + 1) * 1_000) / submitsPerSecond - performance.now())
    }
  })()
  await pause(aroundOutageMs)
  say(`Redis is killed for ${outageMs / 1_000} s`)
  const fromMs = performance.now() - startedAt
  await redis.restart(outageMs)
  const untilMs = performance.now() - startedAt
  const backAt = Date.now()
  await submitting
  await Promise.all(submits)
  await installation.untilDone()
  const jobs = await installation.jobs()
  const during = answers.filter(({ atMs }) => atMs >= fromMs && atMs < untilMs)
  const times = during.map(({ tookMs }) => Math.round(tookMs))
  return {
    submitted: during.length,
    accepted: during.filter(({ isAccepted }) => isAccepted).length,
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
    longestMs: Math.max(...times),
    byStatus: countBy(jobs, ({ status }) => status),
    lastEndAfterS: Math.max(0, ...jobs.map(({ finishedAt }) => Date.parse(finishedAt ?? "") - backAt)) / 1_000,
  }
}

async function flush(url: string): Promise<void> {
  const client = new Redis(url)
  try {
    await client.flushall()
  } finally {
    client.disconnect()
  }
}
