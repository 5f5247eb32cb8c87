import { type BatchSubmission, batchSubmission } from "@sluice/core"
import { withDatabase } from "@sluice/devstack"
import { startSimulator } from "@sluice/simulator"
import { Redis } from "ioredis"
import { MongoClient } from "mongodb"
import { type BenchOptions, onServices, pause, type Workshop } from "../lib/bench.ts"
import { concurrently } from "../lib/concurrently.ts"
import { percentile, table } from "../lib/figures.ts"
import { type Installation, startInstallation } from "../lib/installation.ts"
import { chatJob, simulatedEndpoint } from "../lib/simulated-endpoint.ts"
import { writeResults } from "../lib/write-results.ts"

const defaultJobs = 50_000
const batchSize = 5_000
const submits = { count: 1_000, lanes: 16 }
const pages = 20
const drainMs = 15_000
const lists = {
  "newest jobs": "/v1/jobs?limit=100",
  "queued jobs": "/v1/jobs?status=queued&limit=100",
  "failed jobs": "/v1/jobs?status=failed&limit=100",
  queues: "/v1/queues",
  stats: "/v1/stats",
}

interface Sample {
  readonly submitP50Ms: number
  readonly submitP99Ms: number
  readonly pageP99Ms: Readonly<Record<string, number>>
  readonly drainedPerSecond: number
}

/** The same submits, lists and drain with an empty line and with a very long one, and what a job in line takes. */
export async function measureBacklog(options: BenchOptions): Promise<void> {
  const jobs = options.jobs ?? (options.isShort ? 300 : defaultJobs)
  const measured = await onServices(options, (workshop) => measureLine(workshop, options, jobs))
  writeResults("backlog", options, { settings: { jobs, batchSize, submits, drainMs, workers: 1 }, ...measured })
  const { empty, long, redisBytesPerJob, mongodbBytesPerJob, acceptedPerSecond } = measured
  const rows = [
    ["submit p50 ms", empty.submitP50Ms, long.submitP50Ms],
    ["submit p99 ms", empty.submitP99Ms, long.submitP99Ms],
    ...Object.keys(lists).map((list) => [`${list}, p99 ms`, empty.pageP99Ms[list] ?? 0, long.pageP99Ms[list] ?? 0] as const),
    ["jobs drained a second", empty.drainedPerSecond, long.drainedPerSecond],
  ] as const
  const lines = rows.map(([what, before, after]) => [what, before.toFixed(1), after.toFixed(1), (after / before).toFixed(2)])
  process.stdout.write(`\n${table([["", "empty line", `${jobs} in line`, "ratio"], ...lines])}\n`)
  process.stdout.write(
    `A job in line takes ${Math.round(redisBytesPerJob)} bytes in Redis, ${Math.round(mongodbBytesPerJob)} in MongoDB, by its own count.\n`,
  )
  process.stdout.write(`Accepted by batches: ${Math.round(acceptedPerSecond)} jobs/s\n`)
}

async function measureLine({ services, name, say }: Workshop, options: BenchOptions, jobs: number) {
  const simulator = await startSimulator({ profile: "healthy", seed: options.seed, latency: { baseMs: 20, jitterMs: 0 } })
  const configuration = {
    endpoints: { sim: simulatedEndpoint(simulator) },
    routes: { chat: { tiers: [{ name: "primary", endpoints: ["sim"] }] } },
  }
  const installation = await startInstallation({ services, name, configuration, workers: 0, inherited: options.environment })
  const redis = new Redis(services.redisUrl)
  const mongodb = await new MongoClient(withDatabase(services.mongodbUrl, name)).connect()
  const finished = () => mongodb.db().collection("jobs").countDocuments({ status: "succeeded" })
  const drainFor = options.isShort ? 1_000 : drainMs
  try {
    const line = { installation, finished, drainFor, isShort: options.isShort }
    const empty = await sample(line)
    say(`empty line: ${JSON.stringify(empty)}`)
    const before = { redis: await usedBytes(redis), mongodb: await storedBytes(mongodb) }
    const startedAt = performance.now()
    await fill(installation, jobs, (accepted) => say(`${accepted} of ${jobs} jobs in line`))
    const acceptedPerSecond = (jobs / (performance.now() - startedAt)) * 1_000
    const redisBytesPerJob = ((await usedBytes(redis)) - before.redis) / jobs
    const mongodbBytesPerJob = ((await storedBytes(mongodb)) - before.mongodb) / jobs
    const long = await sample(line)
    return { empty, long, redisBytesPerJob, mongodbBytesPerJob, acceptedPerSecond }
  } finally {
    redis.disconnect()
    await mongodb.close()
    await installation.stop()
    await simulator.stop()
  }
}

interface Line {
  readonly installation: Installation
  readonly finished: () => Promise<number>
  readonly drainFor: number
  readonly isShort: boolean
}

/** Submits and lists with no worker; then what one gets done in a time that is too short for the line to end. */
async function sample({ installation, finished, drainFor, isShort }: Line): Promise<Sample> {
  const took: number[] = []
  // Enough to keep a worker busy for as long as it is watched.
  await concurrently(isShort ? 50 : submits.count, submits.lanes, async (index) => {
    const startedAt = performance.now()
    await installation.submit(chatJob(`Sample ${index}`))
    took.push(performance.now() - startedAt)
  })
  const pageP99Ms: Record<string, number> = {}
  for (const [list, path] of Object.entries(lists)) pageP99Ms[list] = await timePages(installation, path)
  const from = await finished()
  const worker = await installation.startWorker()
  const startedAt = performance.now()
  const hasMore = async () => (await installation.hasJobs("queued")) || (await installation.hasJobs("running"))
  while (performance.now() - startedAt < drainFor && (await hasMore())) await pause(50)
  const drainedPerSecond = (((await finished()) - from) / (performance.now() - startedAt)) * 1_000
  await worker.stop()
  return { submitP50Ms: percentile(took, 0.5), submitP99Ms: percentile(took, 0.99), pageP99Ms, drainedPerSecond }
}

async function timePages(installation: Installation, path: string): Promise<number> {
  const took: number[] = []
  for (let index = 0; index < pages; index += 1) {
    const startedAt = performance.now()
    await installation.get(path)
    took.push(performance.now() - startedAt)
  }
  return percentile(took, 0.99)
}

async function fill({ url, headersOf }: Installation, jobs: number, onProgress: (accepted: number) => void): Promise<void> {
  for (let from = 0; from < jobs; from += batchSize) {
    const size = Math.min(batchSize, jobs - from)
    const items = Array.from({ length: size }, (_, index) =>
      JSON.stringify({ customId: `i${index}`, job: chatJob(`Line ${from + index}`) }),
    )
    const headers = { ...headersOf("default"), "content-type": "application/x-ndjson" }
    const answer = await fetch(`${url}/v1/batches`, { method: "POST", headers, body: items.join("\n") })
    const { accepted }: BatchSubmission = batchSubmission.parse(await answer.json())
    if (accepted !== size) throw new Error(`Only ${accepted} of ${size} items were accepted.`)
    if ((from / batchSize) % 5 === 0) onProgress(from + size)
  }
}

async function usedBytes(redis: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info("memory"))?.[1] ?? 0)
}

/** Documents and indexes of all collections as the server counts them. */
async function storedBytes(client: MongoClient): Promise<number> {
  const { dataSize = 0, indexSize = 0 } = await client.db().command({ dbStats: 1 })
  return Number(dataSize) + Number(indexSize)
}
