import { type JobResource, jobResource } from "../../packages/core/src/index.ts"
import { isTellingPrompt, type KnownSecrets } from "./known-secrets.ts"

/** An application that calls the API, and remembers what nobody else may read. */
export interface Caller {
  request(path: string, init?: RequestInit): Promise<Response>
  submit(prompt: string, extra?: object): Promise<JobResource>
  job(id: string, query?: string): Promise<JobResource>
  /** Waits for the end of a job, a minute and a half at most. */
  ended(id: string): Promise<JobResource>
}

export interface CallerOptions {
  readonly apiUrl: string
  readonly key: string
  /** Gets what the calls bring to light. */
  readonly secrets: KnownSecrets
}

const patienceMs = 90_000

export function createCaller({ apiUrl, key, secrets }: CallerOptions): Caller {
  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    if (typeof init.body === "string") secrets.learnFrom(init.body)
    const response = await fetch(apiUrl + path, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } })
    const isJson = response.headers.get("content-type")?.includes("json")
    if (isJson) secrets.learnFrom(await response.clone().text())
    return response
  }
  async function read(response: Response): Promise<JobResource> {
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
    return jobResource.parse(await response.json())
  }
  const job = async (id: string, query = "") => read(await request(`/v1/jobs/${id}${query}`))
  return {
    request,
    async submit(prompt, extra = {}) {
      if (isTellingPrompt(prompt)) secrets.add(prompt)
      const body = { route: "chat", input: { messages: [{ role: "user", content: prompt }] }, ...extra }
      const headers = { "content-type": "application/json" }
      return read(await request("/v1/jobs", { method: "POST", body: JSON.stringify(body), headers }))
    },
    job,
    async ended(id) {
      const giveUpAt = Date.now() + patienceMs
      for (;;) {
        const found = await job(id, "?wait=20&expand=attempts")
        if (found.finishedAt !== null) return found
        if (Date.now() > giveUpAt) throw new Error(`Job ${id} is still ${found.status}: ${JSON.stringify(found.waiting)}`)
      }
    },
  }
}
