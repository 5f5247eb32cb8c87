import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type AppProcess, freePort, type Services, startProgram, withDatabase } from "@sluice/devstack"
import type { Simulator } from "@sluice/simulator"
import { type Collection, MongoClient } from "mongodb"
import { startInstallation } from "../lib/installation.ts"
import { simulatedEndpoint } from "../lib/simulated-endpoint.ts"

export interface ContenderOptions {
  readonly services: Services
  readonly name: string
  readonly simulator: Simulator
  readonly concurrency: number
  readonly inherited: Readonly<Record<string, string | undefined>>
  /** Beside the settings that both are given. */
  readonly environment?: Readonly<Record<string, string>>
}

/** The fields that both keep of a job, under the same names. */
export interface TimedJob {
  readonly _id: string
  readonly status: string
  readonly createdAt: Date
  readonly finishedAt?: Date
}

/** One of the two that are compared: an API process, and a worker process once it is asked for. */
export interface Contender {
  readonly title: string
  readonly api: AppProcess
  /** Null before `startWorker`. */
  readonly worker: () => AppProcess | null
  readonly submission: { readonly url: string; readonly headers: Readonly<Record<string, string>>; bodyOf(prompt: string): string }
  /** The collection as it is, so that asking costs neither of them anything in its processes. */
  readonly jobs: Collection<TimedJob>
  /** That the provider has received. */
  calls(): number
  startWorker(): Promise<void>
  stop(): Promise<void>
}

const apiKey = "sk_bench"

function messagesOf(prompt: string) {
  return { messages: [{ role: "user", content: prompt }] }
}

async function openJobs(mongodbUrl: string) {
  const client = await new MongoClient(mongodbUrl).connect()
  return { jobs: client.db().collection<TimedJob>("jobs"), close: () => client.close() }
}

/** As it comes: every guard, its metrics and its log are on. With `streaming: off` calls are made as the floor makes them, in one piece. */
export async function startSluice({ streaming, ...given }: ContenderOptions & { readonly streaming?: "off" }): Promise<Contender> {
  const { simulator, environment, inherited, ...options } = given
  const configuration = {
    endpoints: { sim: simulatedEndpoint(simulator, streaming && { streaming }) },
    routes: { chat: { tiers: [{ name: "primary", endpoints: ["sim"] }] } },
  }
  const installation = await startInstallation({
    ...options,
    configuration,
    workers: 0,
    inherited: { ...inherited, NODE_ENV: "production", ...environment },
  })
  const { jobs, close } = await openJobs(withDatabase(options.services.mongodbUrl, options.name))
  return {
    title: streaming === "off" ? "Sluice, in one piece" : "Sluice",
    api: installation.api,
    worker: () => installation.workers[0] ?? null,
    submission: {
      url: `${installation.url}/v1/jobs`,
      headers: installation.headersOf("default"),
      bodyOf: (prompt) => JSON.stringify({ route: "chat", input: messagesOf(prompt) }),
    },
    jobs,
    calls: () => simulator.counters().received,
    startWorker: async () => void (await installation.startWorker()),
    stop: async () => void (await Promise.all([installation.stop(), close()])),
  }
}

/** The program that does without Sluice: `api/main.ts` and `worker/main.ts`. */
export async function startFloor(options: ContenderOptions): Promise<Contender> {
  const { services, name, simulator, concurrency, inherited, environment: own } = options
  const port = await freePort()
  const mongodbUrl = withDatabase(services.mongodbUrl, name)
  const folder = mkdtempSync(join(tmpdir(), "sluice-floor-"))
  const environment = {
    ...inherited,
    NODE_ENV: "production",
    REDIS_URL: services.redisUrl,
    MONGODB_URL: mongodbUrl,
    PROVIDER_URL: simulator.url,
    WORKER_CONCURRENCY: String(concurrency),
    API_KEY: apiKey,
    PREFIX: name,
    PORT: String(port),
    ...own,
  }
  const start = (part: "api" | "worker") => {
    const main = fileURLToPath(new URL(`${part}/main.ts`, import.meta.url))
    return startProgram({ title: `floor's ${part}`, main, environment, logFile: join(folder, `${part}.log`) })
  }
  const api = await start("api")
  let worker: AppProcess | null = null
  const { jobs, close } = await openJobs(mongodbUrl)
  return {
    title: "floor",
    api,
    worker: () => worker,
    submission: {
      url: `http://127.0.0.1:${port}/jobs`,
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      bodyOf: (prompt) => JSON.stringify({ input: messagesOf(prompt) }),
    },
    jobs,
    calls: () => simulator.counters().received,
    startWorker: async () => {
      worker = await start("worker")
    },
    stop: async () => {
      await Promise.all([api.stop(), worker?.stop(), close()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
