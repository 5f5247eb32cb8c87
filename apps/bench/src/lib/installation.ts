import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { JobResource } from "@sluice/core"
import { type AppProcess, freePort, type Services, startApp, withDatabase } from "@sluice/devstack"
import { Agent, request } from "undici"
import { pause } from "./bench.ts"

const adminKey = "sk_bench"
const defaultPollMs = 100
const pageSize = 200

export interface InstallationOptions {
  readonly services: Services
  readonly name: string
  /** Of `sluice.yaml`. */
  readonly configuration: object
  readonly workers?: number
  /** Jobs at a time in each worker. */
  readonly concurrency?: number
  /** Where the only worker serves its metrics. */
  readonly metricsPort?: number
  /** The environment that the processes inherit. */
  readonly inherited: Readonly<Record<string, string | undefined>>
}

/** One API process and some worker processes, as in production, with all that they do switched on. */
export interface Installation {
  readonly url: string
  readonly adminKey: string
  readonly api: AppProcess
  /** With the key, for a tenant. */
  headersOf(tenant: string): Readonly<Record<string, string>>
  /** Those that were started so far. */
  readonly workers: readonly AppProcess[]
  /** One more. */
  startWorker(): Promise<AppProcess>
  /** Rejects unless the job was accepted. Resolves to its id. */
  submit(body: object | string, tenant?: string): Promise<string>
  /** Resolves when no job of the tenant is under way any more. */
  untilDone(options?: { readonly tenant?: string; readonly pollMs?: number }): Promise<void>
  /** Whether any job of the default tenant is in this status. */
  hasJobs(status: JobResource["status"]): Promise<boolean>
  /** All jobs of a tenant, newest first. */
  jobs(tenant?: string): Promise<readonly JobResource[]>
  /** An answer of the API as JSON. */
  get(path: string): Promise<unknown>
  stop(): Promise<void>
}

export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  const { services, name, configuration, workers: workerCount = 1, concurrency, metricsPort, inherited } = options
  const { folder, configPath } = writeConfiguration(configuration)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const environment = {
    ...inherited,
    SLUICE_CONFIG: configPath,
    SLUICE_NAMESPACE: name,
    REDIS_URL: services.redisUrl,
    MONGODB_URL: withDatabase(services.mongodbUrl, name),
    PORT: String(port),
    SLUICE_ADMIN_KEY: adminKey,
    BENCH_PROVIDER_KEY: "bench",
    ...(concurrency !== undefined && { WORKER_CONCURRENCY: String(concurrency) }),
  }
  const ofWorkers = { ...environment, ...(metricsPort !== undefined && { METRICS_PORT: String(metricsPort) }) }
  const start = (app: "api" | "worker", log: string = app) =>
    startApp({ app, environment: app === "api" ? environment : ofWorkers, logFile: join(folder, `${log}.log`) })
  const api = await start("api")
  const workers = await Promise.all(Array.from({ length: workerCount }, (_, index) => start("worker", `worker-${index}`)))
  const dispatcher = new Agent({ connections: 100 })
  const headersOf = (tenant = "default") => ({
    authorization: `Bearer ${adminKey}`,
    "content-type": "application/json",
    "x-sluice-tenant": tenant,
  })

  async function get(path: string, tenant?: string): Promise<unknown> {
    const answer = await request(`${url}${path}`, { headers: headersOf(tenant), dispatcher })
    return await answer.body.json()
  }
  const page = async (query: string, tenant?: string) =>
    (await get(`/v1/jobs?${query}`, tenant)) as { readonly data: readonly JobResource[]; readonly nextCursor: string | null }

  return {
    url,
    adminKey,
    api,
    headersOf,
    workers,
    async startWorker() {
      const worker = await start("worker", `worker-${workers.length}`)
      workers.push(worker)
      return worker
    },
    get,
    async submit(body, tenant) {
      const text = typeof body === "string" ? body : JSON.stringify(body)
      const answer = await request(`${url}/v1/jobs`, { method: "POST", headers: headersOf(tenant), body: text, dispatcher })
      const job = (await answer.body.json()) as { readonly id: string }
      if (answer.statusCode !== 202) throw new Error(`A job was not accepted: ${answer.statusCode} ${JSON.stringify(job)}`)
      return job.id
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
    async stop() {
      await Promise.all([api, ...workers].map((app) => app.stop()))
      await dispatcher.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function writeConfiguration(configuration: object): { readonly folder: string; readonly configPath: string } {
  const folder = mkdtempSync(join(tmpdir(), "sluice-bench-"))
  const configPath = join(folder, "sluice.yaml")
  writeFileSync(configPath, JSON.stringify(configuration))
  return { folder, configPath }
}
