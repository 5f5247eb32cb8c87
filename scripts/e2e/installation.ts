import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type JobResource, jobResource } from "../../packages/core/src/index.ts"
import { type AppProcess, freePort, startApp, withDatabase } from "../../packages/devstack/src/index.ts"
import { type Simulator, type SimulatorOptions, startSimulator } from "../../packages/simulator/src/index.ts"

const adminKey = "sk_test_admin"

export interface InstallationOptions {
  readonly redisUrl: string
  readonly mongodbUrl: string
  readonly simulator?: SimulatorOptions
  /** Added to the only endpoint of the route `chat`. */
  readonly endpoint?: string
  /** Further endpoints, given the provider's address. */
  readonly endpoints?: (url: string) => string
  /** The route `chat`, when it is not just that endpoint. */
  readonly chat?: string
  /** Further lines of the configuration. */
  readonly configuration?: string
  /** For all processes. */
  readonly environment?: Readonly<Record<string, string>>
}

/** The product as it runs in production, in processes of its own, with a database and a namespace of its own. */
export interface Installation {
  readonly simulator: Simulator
  /** Where clients find the API. */
  readonly api: { readonly url: string; readonly key: string }
  /** With the database of this installation. */
  readonly mongodbUrl: string
  readonly configPath: string
  /** What all processes have logged. */
  logs(): string
  startApi(environment?: Readonly<Record<string, string>>): Promise<AppProcess>
  startWorker(environment?: Readonly<Record<string, string>>): Promise<AppProcess>
  request(path: string, init?: RequestInit): Promise<Response>
  submit(prompt: string, extra?: object): Promise<JobResource>
  job(id: string, query?: string): Promise<JobResource>
  /** Waits for the end of a job, a minute and a half at most. */
  ended(id: string): Promise<JobResource>
  /** Ends the processes, but leaves the rest to be looked at. */
  stop(): Promise<void>
  close(): Promise<void>
}

/** Lays out an installation; its processes are started one by one, and all end with `close`. */
export async function createInstallation(options: InstallationOptions): Promise<Installation> {
  const name = `e2e${process.pid}${Date.now().toString(36)}`
  const folder = mkdtempSync(join(tmpdir(), "sluice-e2e-"))
  const simulator = await startSimulator(options.simulator)
  const port = await freePort()
  const apiUrl = `http://127.0.0.1:${port}`
  const configPath = join(folder, "sluice.yaml")
  writeFileSync(
    configPath,
    `endpoints:
  sim: { provider: openai, baseUrl: "${simulator.url}/v1", model: sim-1, apiKey: env:SIM_KEY${options.endpoint ?? ""} }
${options.endpoints?.(simulator.url) ?? ""}
routes:
  chat: { ${options.chat ?? "tiers: [{ name: primary, endpoints: [sim] }]"} }
${options.configuration ?? ""}
`,
  )
  const mongodbUrl = withDatabase(options.mongodbUrl, name)
  const environment = {
    ...process.env,
    SLUICE_CONFIG: configPath,
    SLUICE_NAMESPACE: name,
    REDIS_URL: options.redisUrl,
    MONGODB_URL: mongodbUrl,
    PORT: String(port),
    SLUICE_ADMIN_KEY: adminKey,
    SIM_KEY: "sim",
    ...options.environment,
  }
  const running: AppProcess[] = []
  let started = 0
  const start = async (app: string, extra: Readonly<Record<string, string>> = {}) => {
    const logFile = join(folder, `${app}-${++started}.log`)
    const child = await startApp({ app, environment: { ...environment, ...extra }, logFile })
    running.push(child)
    return child
  }
  const request = (path: string, init: RequestInit = {}) =>
    fetch(apiUrl + path, { ...init, headers: { authorization: `Bearer ${adminKey}`, ...init.headers } })
  const read = async (response: Response) => {
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
    return jobResource.parse(await response.json())
  }
  const job = async (id: string, query = "") => read(await request(`/v1/jobs/${id}${query}`))

  const stop = async () => void (await Promise.all(running.map((child) => child.stop())))

  return {
    simulator,
    api: { url: apiUrl, key: adminKey },
    mongodbUrl,
    configPath,
    logs: () => logsIn(folder),
    startApi: (extra) => start("api", extra),
    startWorker: (extra) => start("worker", extra),
    request,
    async submit(prompt, extra = {}) {
      const body = { route: "chat", input: { messages: [{ role: "user", content: prompt }] }, ...extra }
      const headers = { "content-type": "application/json" }
      return read(await request("/v1/jobs", { method: "POST", body: JSON.stringify(body), headers }))
    },
    job,
    async ended(id) {
      const giveUpAt = Date.now() + 90_000
      for (;;) {
        const found = await job(id, "?wait=20&expand=attempts")
        if (found.finishedAt !== null) return found
        if (Date.now() > giveUpAt) throw new Error(`Job ${id} is still ${found.status}: ${JSON.stringify(found.waiting)}`)
      }
    },
    stop,
    async close() {
      await stop()
      await simulator.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function logsIn(folder: string): string {
  const files = readdirSync(folder).filter((file) => file.endsWith(".log"))
  return files.map((file) => readFileSync(join(folder, file), "utf8")).join("")
}
