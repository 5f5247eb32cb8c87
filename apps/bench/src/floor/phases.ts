import { Agent, request } from "undici"
import { dataFolder, pause } from "../lib/bench.ts"
import { concurrently } from "../lib/concurrently.ts"
import { cpuTimeMs, percentile } from "../lib/figures.ts"
import { serviceCpu } from "../lib/service-cpu.ts"
import type { Contender } from "./contender.ts"

const submitLanes = 64
const pollMs = 20
/** A text of the length of a usual prompt with some context, about 1 kB. */
const promptBody = "The customer's parcel arrived late, and they ask for a refund of the postage. ".repeat(13)

export interface Accepted {
  readonly perSecond: number
  readonly apiCpuMsPerJob: number
}

export interface EndToEnd {
  readonly jobsPerSecond: number
  readonly apiCpuMsPerJob: number
  readonly workerCpuMsPerJob: number
  readonly redisCpuMsPerJob: number
  readonly mongodbCpuMsPerJob: number
}

export interface Latencies {
  readonly submitP50Ms: number
  readonly submitP99Ms: number
  readonly completionP50Ms: number
  readonly completionP99Ms: number
}

export interface Client {
  submit(contender: Contender, index: number): Promise<void>
  close(): Promise<void>
}

export function createClient(): Client {
  const dispatcher = new Agent({ connections: 100 })
  return {
    async submit({ submission: { url, headers, bodyOf } }, index) {
      const body = bodyOf(`Job ${index}. ${promptBody}`)
      const answer = await request(url, { method: "POST", headers, body, dispatcher })
      const text = await answer.body.text()
      if (answer.statusCode !== 202) throw new Error(`A job was not accepted: ${answer.statusCode} ${text}`)
    },
    close: () => dispatcher.close(),
  }
}

/** As many jobs as it takes, submitted in lanes, with no worker beside. */
export async function accept(contender: Contender, client: Client, jobs: number): Promise<Accepted> {
  const before = cpuTimeMs(contender.api.pid)
  const startedAt = performance.now()
  await concurrently(jobs, submitLanes, (index) => client.submit(contender, index))
  const seconds = (performance.now() - startedAt) / 1_000
  return { perSecond: jobs / seconds, apiCpuMsPerJob: (cpuTimeMs(contender.api.pid) - before) / jobs }
}

/** From the first submit to the last job's end, with the worker at work all the while. */
export async function runThrough(contender: Contender, client: Client, jobs: number): Promise<EndToEnd> {
  const before = cpuOf(contender)
  const callsBefore = contender.calls()
  const startedAt = performance.now()
  await concurrently(jobs, submitLanes, (index) => client.submit(contender, index))
  await untilDone(contender, callsBefore + jobs)
  const seconds = (performance.now() - startedAt) / 1_000
  const after = cpuOf(contender)
  return {
    jobsPerSecond: jobs / seconds,
    apiCpuMsPerJob: (after.api - before.api) / jobs,
    workerCpuMsPerJob: (after.worker - before.worker) / jobs,
    redisCpuMsPerJob: (after.redisMs - before.redisMs) / jobs,
    mongodbCpuMsPerJob: (after.mongodbMs - before.mongodbMs) / jobs,
  }
}

/** So many submits each second, whatever the answers take: what the caller of one, and its job, wait. */
export async function keepPace(
  contender: Contender,
  client: Client,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<Latencies> {
  const since = new Date()
  const callsBefore = contender.calls()
  const startedAt = performance.now()
  const took: number[] = []
  const submissions: Promise<void>[] = []
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const dueAt = startedAt + (index * 1_000) / perSecond
    if (dueAt > performance.now() + 1) await pause(dueAt - performance.now())
    // From the moment it was due, so that a stall counts for all that it holds up.
    submissions.push(client.submit(contender, index).then(() => void took.push(performance.now() - dueAt)))
  }
  await Promise.all(submissions)
  await untilDone(contender, callsBefore + submissions.length)
  const jobs = await contender.jobs.find({ createdAt: { $gte: since } }, { projection: { createdAt: 1, finishedAt: 1 } }).toArray()
  const waits = jobs.map(({ createdAt, finishedAt }) => (finishedAt?.getTime() ?? Number.POSITIVE_INFINITY) - createdAt.getTime())
  return {
    submitP50Ms: percentile(took, 0.5),
    submitP99Ms: percentile(took, 0.99),
    completionP50Ms: percentile(waits, 0.5),
    completionP99Ms: percentile(waits, 0.99),
  }
}

/** Asks the database only when the provider has been called for all, so that asking costs next to nothing. */
export async function untilDone({ jobs, calls }: Contender, expectedCalls: number): Promise<void> {
  while (calls() < expectedCalls) await pause(pollMs)
  while ((await jobs.findOne({ status: { $in: ["queued", "running"] } }, { projection: { _id: 1 } })) !== null) await pause(pollMs)
}

/** Not a number for services that run elsewhere. */
function cpuOf({ api, worker }: Contender) {
  const process = worker()
  const services = serviceCpu(dataFolder) ?? { redisMs: Number.NaN, mongodbMs: Number.NaN }
  return { api: cpuTimeMs(api.pid), worker: process ? cpuTimeMs(process.pid) : 0, ...services }
}
