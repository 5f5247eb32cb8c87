import { setTimeout as sleep } from "node:timers/promises"
import { deadLetterSummary, endpointResource, type JobResource, pageOf, queueResource } from "../../packages/core/src/index.ts"
import type { ApiClient } from "./api-client.ts"

/** What the product itself counts. */
export interface Counters {
  /** In the queues of all routes, in whatever place. */
  readonly inQueues: number
  /** Calls to providers that are accounted as under way. */
  readonly inFlight: number
  readonly deadLetters: number
}

const queues = pageOf(queueResource)
const endpoints = pageOf(endpointResource)
const pollMs = 1_000

async function readCounters(api: ApiClient): Promise<Counters> {
  const read = async (path: string) => (await api.send(path)).body
  const inQueues = queues
    .parse(await read("/v1/queues"))
    .data.map((queue) => queue.prioritized + queue.waiting + queue.delayed + queue.active)
  const inFlight = endpoints.parse(await read("/v1/endpoints")).data.map((endpoint) => endpoint.inFlight)
  const { total } = deadLetterSummary.parse(await read("/v1/dead-letters/summary"))
  return { inQueues: sum(inQueues), inFlight: sum(inFlight), deadLetters: total }
}

/** As they are when they agree with the jobs, or after this time: entries that are void, and leases of the dead, go within a minute. */
export async function countersOf(api: ApiClient, jobs: readonly JobResource[], patienceMs: number): Promise<Counters> {
  for (const until = performance.now() + patienceMs; ; ) {
    const counters = await readCounters(api)
    if (disagreements(counters, jobs).length === 0 || performance.now() > until) return counters
    await sleep(pollMs)
  }
}

/** What the counters say otherwise than the jobs, in words. */
export function disagreements({ inQueues, inFlight, deadLetters }: Counters, jobs: readonly JobResource[]): readonly string[] {
  const unfinished = jobs.filter(({ finishedAt }) => finishedAt === null).length
  const dead = jobs.filter(({ status }) => status === "failed" || status === "expired").length
  return [
    ...(inQueues > unfinished ? [`${inQueues} entries are left in the queues, for ${unfinished} jobs that have not ended`] : []),
    ...(inFlight > unfinished ? [`${inFlight} calls are counted as under way, for ${unfinished} jobs that have not ended`] : []),
    ...(deadLetters === dead ? [] : [`${deadLetters} dead letters are counted, of ${dead} jobs that failed or expired`]),
  ]
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
