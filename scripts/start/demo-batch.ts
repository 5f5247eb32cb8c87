import { type JobResource, jobResource } from "../../packages/core/src/index.ts"

export interface DemoBatchOptions {
  readonly apiUrl: string
  readonly apiKey: string
  readonly count: number
  /** Submissions under way at a time. */
  readonly concurrency: number
  readonly onProgress: (progress: { readonly submitted: number; readonly ended: number }) => void
}

export interface DemoResult {
  readonly index: number
  /** Null: it was accepted, and has not come to its end in time. */
  readonly job: JobResource | null
}

const longestWaitMs = 120_000

/** Submits jobs over REST, waits for the end of each, and tells what became of them. */
export async function runDemoBatch(options: DemoBatchOptions): Promise<readonly DemoResult[]> {
  const { count, concurrency, onProgress } = options
  let submitted = 0
  let ended = 0
  const results: DemoResult[] = []
  const indexes = Array.from({ length: count }, (_, index) => index)[Symbol.iterator]()
  const lane = async () => {
    for (const index of indexes) {
      const accepted = await submit(options, index)
      onProgress({ submitted: ++submitted, ended })
      const job = await untilEnded(options, accepted)
      if (job) ended += 1
      onProgress({ submitted, ended })
      results.push({ index, job })
    }
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
  return results.toSorted((a, b) => a.index - b.index)
}

async function submit(options: DemoBatchOptions, index: number): Promise<JobResource> {
  const prompt = `Summarise ticket ${index + 1}: the customer's parcel arrived late, and they ask for a refund of the postage.`
  const body = { route: "chat", input: { messages: [{ role: "user", content: prompt }] }, metadata: { ticket: String(index + 1) } }
  return await call(options, "/v1/jobs", { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } })
}

async function untilEnded(options: DemoBatchOptions, { id }: JobResource): Promise<JobResource | null> {
  const giveUpAt = performance.now() + longestWaitMs
  while (performance.now() < giveUpAt) {
    const job = await call(options, `/v1/jobs/${id}?wait=20`)
    if (job.finishedAt !== null) return job
  }
  return null
}

async function call({ apiUrl, apiKey }: DemoBatchOptions, path: string, init: RequestInit = {}): Promise<JobResource> {
  const response = await fetch(apiUrl + path, { ...init, headers: { ...init.headers, authorization: `Bearer ${apiKey}` } })
  if (!response.ok) throw new Error(`${init.method ?? "GET"} ${path} was answered with ${response.status}: ${await response.text()}`)
  return jobResource.parse(await response.json())
}
