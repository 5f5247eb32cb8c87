import { randomUUID } from "node:crypto"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type AttemptResource, type JobEvent, type JobResource, jobEvent, jobResource } from "@sluice/core"
import { freePort, startApp, withDatabase } from "@sluice/devstack"
import { expect, inject, onTestFinished } from "vitest"

import { providerKey } from "./simulated-provider.ts"

const adminKey = "sk_worker_test"
const waitSeconds = 40

/** A database for all runs, so that old ones do not pile up; each run has a namespace in Redis and a tenant of its own. */
const database = "sluice-worker-test"

export interface Installation {
  /** Resolves to the id of a job that was accepted. */
  submit(job: object): Promise<string>
  /** The job when it has ended. Fails the test when it does not in time. */
  ended(id: string): Promise<JobResource>
  /** What has become of it by now. */
  job(id: string): Promise<JobResource>
  attempts(id: string): Promise<readonly AttemptResource[]>
  /** What becomes of a job, up to its end, each with the time at which it arrived. */
  events(id: string): AsyncIterable<{ readonly event: JobEvent; readonly at: number }>
  get(path: string): Promise<unknown>
  /** For all tenants. */
  getAsOperator(path: string): Promise<unknown>
  post(path: string, body: unknown): Promise<unknown>
}

/** An API and workers as processes on real services; they are stopped when the test has finished. `name`: of a database of its own. */
export async function startInstallation(
  configuration: object,
  { name = database, workers = 1 }: { readonly name?: string; readonly workers?: number } = {},
): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-worker-"))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const configPath = join(folder, "sluice.yaml")
  await writeFile(configPath, JSON.stringify(configuration))
  const port = await freePort()
  const environment = {
    SLUICE_CONFIG: configPath,
    SLUICE_NAMESPACE: `test-${randomUUID().slice(0, 13)}`,
    SLUICE_ADMIN_KEY: adminKey,
    REDIS_URL: inject("redisUrl"),
    MONGODB_URL: withDatabase(inject("mongodbUrl"), name),
    PORT: String(port),
    LOG_LEVEL: "debug",
    [providerKey]: "sk-simulated",
  }
  for (const [index, app] of ["api", ...Array.from({ length: workers }, () => "worker")].entries()) {
    const { stop } = await startApp({ app, environment, logFile: join(folder, `${app}-${index}.log`) })
    onTestFinished(stop)
  }
  return callerOf(`http://127.0.0.1:${port}`)
}

function callerOf(url: string): Installation {
  const headers = {
    authorization: `Bearer ${adminKey}`,
    "content-type": "application/json",
    "x-sluice-tenant": `t-${randomUUID()}`,
  }
  const get = async (path: string) => await (await fetch(`${url}${path}`, { headers })).json()
  const send = (path: string, body: unknown) => fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) })
  const job = async (id: string, query = "") => jobResource.parse(await get(`/v1/jobs/${id}${query}`))
  return {
    get,
    async getAsOperator(path) {
      return await (await fetch(`${url}${path}`, { headers: { authorization: headers.authorization } })).json()
    },
    job: (id) => job(id),
    async submit(body) {
      const answer = await send("/v1/jobs", body)
      expect(answer.status).toBe(202)
      return jobResource.parse(await answer.json()).id
    },
    async ended(id) {
      const ended = await job(id, `?wait=${waitSeconds}`)
      expect(ended.finishedAt, `${id} has not ended: ${JSON.stringify(ended.waiting)}`).not.toBeNull()
      return ended
    },
    events: (id) => readEvents(`${url}/v1/jobs/${id}/events`, headers),
    attempts: async (id) => (await job(id, "?expand=attempts")).attempts ?? [],
    post: async (path, body) => await (await send(path, body)).json(),
  }
}

async function* readEvents(url: string, headers: Record<string, string>): ReturnType<Installation["events"]> {
  const { body } = await fetch(url, { headers })
  let rest = ""
  for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = (rest + text).split("\n\n")
    rest = blocks.pop() ?? ""
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1]
      if (data !== undefined) yield { event: jobEvent.parse(JSON.parse(data)), at: Date.now() }
    }
  }
}
