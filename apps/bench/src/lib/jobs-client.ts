import type { JobResource } from "@sluice/core"
import { Agent, request } from "undici"
import { pause } from "./bench.ts"

const defaultPollMs = 100
const pageSize = 200
const waitSeconds = 60

/** Callers of one API process, by as little code of their own as possible. */
export interface JobsClient {
  /** With the key, for a tenant. */
  headersOf(tenant?: string): Readonly<Record<string, string>>
  /** Rejects unless the job was accepted. Resolves to its id. */
  submit(body: object | string, tenant?: string): Promise<string>
  /** Submits a job and waits for its end in the same request, as a caller does who wants the answer; asks again where that takes a minute. */
  call(body: object, tenant?: string): Promise<JobResource>
  /** Resolves when no job of the tenant is under way any more. */
  untilDone(options?: { readonly tenant?: string; readonly pollMs?: number }): Promise<void>
  /** Whether any job of the default tenant is in this status. */
  hasJobs(status: JobResource["status"]): Promise<boolean>
  /** All jobs of a tenant, newest first. */
  jobs(tenant?: string): Promise<readonly JobResource[]>
  /** An answer of the API as JSON. */
  get(path: string): Promise<unknown>
  close(): Promise<void>
}

export function createJobsClient({ url, key }: { readonly url: string; readonly key: string }): JobsClient {
  const dispatcher = new Agent({ connections: 200 })
  const headersOf = (tenant = "default") => ({
    authorization: `Bearer ${key}`,
    "content-type": "application/json",
    "x-sluice-tenant": tenant,
  })

  async function send(path: string, init: { method?: "POST"; headers: Readonly<Record<string, string>>; body?: string }) {
    const answer = await request(`${url}${path}`, { ...init, dispatcher })
    return { status: answer.statusCode, body: (await answer.body.json()) as unknown }
  }
  const get = async (path: string, tenant?: string) => (await send(path, { headers: headersOf(tenant) })).body
  const page = async (query: string, tenant?: string) =>
    (await get(`/v1/jobs?${query}`, tenant)) as { readonly data: readonly JobResource[]; readonly nextCursor: string | null }

  async function jobFrom(sent: ReturnType<typeof send>, expected: readonly number[]): Promise<JobResource> {
    const { status, body } = await sent
    if (!expected.includes(status)) throw new Error(`Expected a job, but was answered ${status}: ${JSON.stringify(body)}`)
    return body as JobResource
  }
  const post = (body: string, headers: Readonly<Record<string, string>>, expected: readonly number[]) =>
    jobFrom(send("/v1/jobs", { method: "POST", headers, body }), expected)

  return {
    headersOf,
    get,
    submit: async (body, tenant) => (await post(typeof body === "string" ? body : JSON.stringify(body), headersOf(tenant), [202])).id,
    async call(body, tenant) {
      const headers = { ...headersOf(tenant), prefer: `wait=${waitSeconds}` }
      let job = await post(JSON.stringify(body), headers, [200, 202])
      while (job.finishedAt === null)
        job = await jobFrom(send(`/v1/jobs/${job.id}?wait=${waitSeconds}`, { headers: headersOf(tenant) }), [200])
      return job
    },
    async untilDone({ tenant, pollMs = defaultPollMs } = {}) {
      while ((await page("status=queued,running&limit=1", tenant)).data.length > 0) await pause(pollMs)
    },
    hasJobs: async (status) => (await page(`status=${status}&limit=1`)).data.length > 0,
    async jobs(tenant) {
      const all: JobResource[] = []
      for (let cursor: string | null = ""; cursor !== null; ) {
        const { data, nextCursor } = await page(`limit=${pageSize}${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`, tenant)
        all.push(...data)
        cursor = nextCursor
      }
      return all
    },
    close: () => dispatcher.close(),
  }
}
