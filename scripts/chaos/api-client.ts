import { setTimeout as sleep } from "node:timers/promises"
import { type JobResource, jobResource, pageOf } from "../../packages/core/src/index.ts"

export interface ApiClientOptions {
  /** Of several processes of the API, which are called by turns, as by a load balancer that knows nothing. */
  readonly urls: readonly string[]
  readonly apiKey: string
  /** Ends all attempts. */
  readonly signal: AbortSignal
}

export interface Answer {
  readonly status: number
  readonly body: unknown
}

export interface ApiClient {
  /** Sends a request until it is answered by something else than a 429 or 5xx, or its signal aborts: for what may be repeated. */
  send(path: string, init?: RequestInit): Promise<Answer>
  job(path: string, init?: RequestInit): Promise<JobResource>
  /** All jobs that match, newest first. */
  jobs(query: string): Promise<readonly JobResource[]>
}

/** An API that serves answers within ten seconds, well or not; asking again while it still works only adds to its work. */
const timeoutMs = 12_000
/** What a long poll of twenty seconds may take. */
const pollTimeoutMs = 32_000
const firstPauseMs = 100
const maxPauseMs = 4_000
const page = pageOf(jobResource)

export function createApiClient({ urls, apiKey, signal }: ApiClientOptions): ApiClient {
  let turn = 0

  async function attempt(path: string, init: RequestInit, stop: AbortSignal): Promise<Answer | null> {
    const url = urls[turn++ % urls.length] + path
    const limit = AbortSignal.timeout(path.includes("wait=") ? pollTimeoutMs : timeoutMs)
    try {
      const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json", ...init.headers }
      const response = await fetch(url, { ...init, headers, signal: AbortSignal.any([limit, stop]) })
      const body: unknown = await response.json()
      return response.status === 429 || response.status >= 500 ? null : { status: response.status, body }
    } catch {
      return null
    }
  }

  async function send(path: string, init: RequestInit = {}): Promise<Answer> {
    const stop = init.signal ? AbortSignal.any([signal, init.signal]) : signal
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(maxPauseMs, pauseMs * 2)) {
      const answer = await attempt(path, init, stop)
      if (answer) return answer
      // Jittered, as good clients do: hundreds of callers that come back at the same moment would keep a busy API busy.
      await sleep(pauseMs * (0.5 + Math.random()), undefined, { signal: stop })
    }
  }

  async function good(path: string, init?: RequestInit): Promise<unknown> {
    const { status, body } = await send(path, init)
    if (status < 300) return body
    throw new Error(`${init?.method ?? "GET"} ${path} was answered with ${status}: ${JSON.stringify(body)}`)
  }

  return {
    send,
    job: async (path, init) => jobResource.parse(await good(path, init)),
    async jobs(query) {
      const found: JobResource[] = []
      for (let cursor = ""; ; ) {
        const { data, nextCursor } = page.parse(await good(`/v1/jobs?limit=200&${query}${cursor}`))
        found.push(...data)
        if (nextCursor === null) return found
        cursor = `&cursor=${encodeURIComponent(nextCursor)}`
      }
    },
  }
}
