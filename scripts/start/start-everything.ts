import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Listr } from "listr2"
import { askToInstall, freePort, type Services, startServices } from "../../packages/devstack/src/index.ts"
import type { Releasers } from "../../packages/runtime/src/index.ts"
import { type Simulator, startSimulator } from "../../packages/simulator/src/index.ts"
import { buildDashboard } from "../lib/build-dashboard.ts"
import { type KeptApp, keepRunning } from "../lib/keep-running.ts"
import { type DemoResult, runDemoBatch } from "./demo-batch.ts"
import { demoConfiguration } from "./demo-configuration.ts"
import { resultsTable, summarise } from "./describe-results.ts"
import { whatNext } from "./what-next.ts"

const dataFolder = fileURLToPath(new URL("../../.data", import.meta.url))
const startFolder = join(dataFolder, "start")
const demoJobs = 50

export interface StartOptions {
  /** Ends after the demonstration. */
  readonly once: boolean
  readonly assumeYes: boolean
  readonly releasers: Releasers
  readonly signal: AbortSignal
}

/** What the tasks hand on to one another. */
interface Stage {
  /** Where to tell what happens to the processes: at their task while it runs, on the screen after that. */
  report: (line: string) => void
  worker?: KeptApp
  services?: Services
  simulators?: readonly Simulator[]
  apiUrl?: string
  results?: readonly DemoResult[]
}

/** Starts everything, runs the demonstration, prints what became of it, and waits for the signal unless told otherwise. */
export async function startEverything(options: StartOptions): Promise<{ lost: number }> {
  const apiKey = `sk_demo_${randomBytes(12).toString("hex")}`
  const stage = await tasksOf(options, apiKey).run({ report: () => undefined })
  const results = stage.results ?? []
  const summary = summarise(results)
  process.stdout.write(`\n${resultsTable(results)}\n\n${summary.line}\n`)
  if (!options.once && !options.signal.aborted) {
    const { apiUrl = "", worker, simulators = [] } = stage
    const jobId = results.find(({ job }) => (job?.attemptCount ?? 0) > 1)?.job?.id ?? results[0]?.job?.id ?? ""
    process.stdout.write(whatNext({ apiUrl, apiKey, jobId, workerPid: worker?.pid() ?? 0, logFolder: ".data/start", simulators }))
    stage.report = (line) =>
      process.stdout.write(`${line}
`)
    await untilAborted(options.signal)
    process.stdout.write("\nStopping.\n")
  }
  return { lost: summary.lost }
}

function tasksOf(options: StartOptions, apiKey: string): Listr<Stage, "default", "verbose"> {
  const { assumeYes, releasers, signal } = options
  return new Listr<Stage, "default", "verbose">(
    [
      {
        title: "Redis and MongoDB",
        rendererOptions: { persistentOutput: true, outputBar: Number.POSITIVE_INFINITY },
        task: async (stage, task) => {
          stage.services = await startServices({
            dataFolder,
            environment: process.env,
            mayInstall: () => askToInstall({ isAgreed: assumeYes, input: process.stdin, output: process.stderr, signal }),
            report: (line) => {
              task.output = line
            },
            signal,
          })
          releasers.push({ name: "services", release: () => stage.services?.stop() })
        },
      },
      {
        title: "Two simulated providers: 5 % 429, 4 % 503, 3 % hang, 2 % cut-off JSON, 1 % connection reset",
        task: async (stage) => {
          stage.simulators = await startSimulators(releasers)
        },
      },
      {
        title: "Dashboard",
        task: () => buildDashboard(signal),
      },
      {
        title: "API and worker",
        task: async (stage, task) => {
          stage.report = (line) => {
            task.output = line
          }
          await startProcesses(stage, { apiKey, releasers })
        },
      },
      {
        title: `Demonstration: a batch of ${demoJobs} jobs over REST`,
        task: async (stage, task) => {
          stage.results = await runDemoBatch({
            apiUrl: stage.apiUrl ?? "",
            apiKey,
            count: demoJobs,
            onProgress: ({ accepted, ended }) => {
              task.title = `Demonstration: a batch of ${demoJobs} jobs over REST, ${accepted} accepted, ${ended} ended`
            },
            signal,
          })
        },
      },
    ],
    {
      renderer: "default",
      fallbackRenderer: "verbose",
      fallbackRendererOptions: { logTitleChange: false },
      registerSignalListeners: false,
    },
  )
}

async function startSimulators(releasers: Releasers): Promise<readonly Simulator[]> {
  const seeds = [7, 11]
  const latency = { baseMs: 80, jitterMs: 60 }
  const simulators = await Promise.all(
    seeds.map(async (seed, index) => startSimulator({ port: await freePort(9_101 + index), profile: "fault-mix", seed, latency })),
  )
  for (const simulator of simulators) releasers.push({ name: `simulator ${simulator.url}`, release: () => simulator.stop() })
  return simulators
}

async function startProcesses(stage: Stage, { apiKey, releasers }: { apiKey: string; releasers: Releasers }): Promise<void> {
  const { services, simulators = [] } = stage
  mkdirSync(startFolder, { recursive: true })
  const configPath = join(startFolder, "sluice.yaml")
  const regions = ["eu", "us"]
  const providers = simulators.map(({ url }, index) => ({ name: `sim-${regions[index]}`, url, region: regions[index] ?? "eu" }))
  writeFileSync(configPath, demoConfiguration(providers))
  const port = String(await freePort(3_000))
  const environment = {
    ...process.env,
    SLUICE_CONFIG: configPath,
    REDIS_URL: services?.redisUrl ?? "",
    MONGODB_URL: services?.mongodbUrl ?? "",
    PORT: port,
    SLUICE_ADMIN_KEY: apiKey,
    DEMO_PROVIDER_KEY: "demo",
  }
  const start = async (app: string) => {
    const report = (line: string) => stage.report(line)
    const kept = await keepRunning({ app, environment, logFile: join(startFolder, `${app}.log`), report })
    releasers.push({ name: app, release: () => kept.stop() })
    return kept
  }
  const [, worker] = await Promise.all([start("api"), start("worker")])
  stage.worker = worker
  stage.apiUrl = `http://127.0.0.1:${port}`
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort")
}
