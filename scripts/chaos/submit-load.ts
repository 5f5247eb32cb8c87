import { setTimeout as sleep } from "node:timers/promises"
import type { JobResource } from "../../packages/core/src/index.ts"
import { seededRandom } from "../lib/seeded-random.ts"
import type { ApiClient } from "./api-client.ts"
import type { Submission } from "./evidence.ts"

export interface LoadOptions {
  readonly jobs: number
  readonly seed: number
  /** The submissions are spread evenly over this time, and are caught up with when the API was away. */
  readonly overMs: number
  readonly api: ApiClient
  readonly webhookUrl: string
  readonly signal: AbortSignal
  /** Aborted when callers who still wait for the end of a job give up. */
  readonly patience: AbortSignal
  readonly onAccepted: () => void
}

export interface Load {
  /** When the callers of all jobs have done what they do. */
  readonly submissions: Promise<readonly Submission[]>
}

/** Submissions under way at a time. */
const lanes = 300
/** One in so many is sent again under its key, is waited for by its caller, is cancelled, or has a webhook. */
const oneIn = { repeated: 20, followed: 5, cancelled: 25, told: 3 }
/** Some cancellations come while the job is in line, some while it runs, some after its end. */
const longestCancelDelayMs = 600

/**
 * Submits jobs as callers would who retry under their idempotency key until they have an answer, and keeps what they know.
 * Resolves when all were accepted.
 */
export async function submitLoad(options: LoadOptions): Promise<Load> {
  const { jobs, overMs, signal, onAccepted } = options
  const startedAt = performance.now()
  const submissions: Promise<Submission>[] = []
  const indexes = Array.from({ length: jobs }, (_, index) => index)[Symbol.iterator]()
  const lane = async () => {
    for (const index of indexes) {
      const waitMs = startedAt + (overMs * index) / jobs - performance.now()
      if (waitMs > 0) await sleep(waitMs, undefined, { signal })
      const accepted = await submit(options, index)
      onAccepted()
      const submission = accompany(options, accepted)
      submission.catch(() => undefined) // whoever awaits them all hears of it
      submissions.push(submission)
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, jobs) }, lane))
  return { submissions: Promise.all(submissions) }
}

type Accepted = Pick<Submission, "index" | "prompt" | "jobId" | "sentAtMs" | "wantsWebhook"> & { readonly send: () => Promise<JobResource> }

async function submit({ api, seed, webhookUrl }: LoadOptions, index: number): Promise<Accepted> {
  const prompt = `Chaos job ${index} of seed ${seed}.`
  const wantsWebhook = index % oneIn.told === 0
  const body = {
    route: "chat",
    input: { messages: [{ role: "user", content: prompt }] },
    metadata: { chaos: String(index) },
    ...(wantsWebhook && { webhook: { url: webhookUrl } }),
  }
  const init = { method: "POST", headers: { "idempotency-key": `chaos-${seed}-${index}` }, body: JSON.stringify(body) }
  const send = () => api.job("/v1/jobs", init)
  const sentAtMs = Date.now()
  const { id } = await send()
  return { index, prompt, jobId: id, sentAtMs, wantsWebhook, send }
}

/** What its caller goes on to do with a job. */
async function accompany({ api, seed, patience }: LoadOptions, { send, ...accepted }: Accepted): Promise<Submission> {
  const { index, jobId } = accepted
  const random = seededRandom(seed + index)
  const repeated = index % oneIn.repeated === 0 ? await send() : null
  const otherIds = repeated && repeated.id !== jobId ? [repeated.id] : []
  let cancelConfirmedAtMs: number | null = null
  if (index % oneIn.cancelled === 1) {
    await sleep(random() * longestCancelDelayMs)
    const { status } = await api.job(`/v1/jobs/${jobId}/cancel`, { method: "POST" })
    if (status === "cancelled") cancelConfirmedAtMs = Date.now()
  }
  const told = index % oneIn.followed === 2 ? await end(api, jobId, patience) : null
  return { ...accepted, otherIds, cancelConfirmedAtMs, told }
}

async function end(api: ApiClient, jobId: string, patience: AbortSignal): Promise<JobResource | null> {
  while (!patience.aborted) {
    const job = await api.job(`/v1/jobs/${jobId}?wait=20`, { signal: patience }).catch((error: unknown) => {
      if (patience.aborted) return null
      throw error
    })
    if (job && job.finishedAt !== null) return job
  }
  return null
}
