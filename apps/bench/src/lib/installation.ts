import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type AppProcess, freePort, type Services, startApp, withDatabase } from "@sluice/devstack"
import { createJobsClient, type JobsClient } from "./jobs-client.ts"

const adminKey = "sk_bench"

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
export interface Installation extends Omit<JobsClient, "close"> {
  readonly url: string
  readonly adminKey: string
  readonly api: AppProcess
  /** Those that were started so far. */
  readonly workers: readonly AppProcess[]
  /** One more. */
  startWorker(): Promise<AppProcess>
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
  const { close, ...client } = createJobsClient({ url, key: adminKey })
  return {
    url,
    adminKey,
    api,
    ...client,
    workers,
    async startWorker() {
      const worker = await start("worker", `worker-${workers.length}`)
      workers.push(worker)
      return worker
    },
    async stop() {
      await Promise.all([api, ...workers].map((app) => app.stop()))
      await close()
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
