import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type AppProcess, freePort, startApp, withDatabase } from "@sluice/devstack"
import { type Simulator, startSimulator } from "@sluice/simulator"
import { inject } from "vitest"
import { type CommandOutcome, type CommandRequest, runCommand } from "./run-command.ts"

export interface Installation {
  readonly url: string
  readonly simulator: Simulator
  /** The environment in which the command finds the API. */
  readonly environment: Readonly<Record<string, string>>
  /** The command line as a user runs it. */
  sluice(args: readonly string[], options?: Omit<CommandRequest, "args">): Promise<CommandOutcome>
  startWorker(): Promise<AppProcess>
  close(): Promise<void>
}

const key = "sk_test_cli"

const configuration = (providerUrl: string) => `endpoints:
  sim-eu: { provider: openai, baseUrl: "${providerUrl}/v1", model: gpt-4o-mini, apiKey: env:SIM_KEY, region: eu }
routes:
  chat:
    kind: chat
    canary: { messages: [{ role: user, content: Say ok }] }
    tiers:
      - { name: primary, endpoints: [sim-eu] }
      - { name: static, output: { text: "Please try again later." } }
  embed: { kind: embedding, tiers: [{ name: primary, endpoints: [sim-eu] }] }
webhooks: { allowPrivate: [127.0.0.0/8] }
`

/** The API, a worker and a simulated provider as processes, with a database and a namespace of their own. */
export async function startInstallation(): Promise<Installation> {
  const name = `cli${process.pid}${Date.now().toString(36)}`
  const folder = await mkdtemp(join(tmpdir(), "sluice-cli-"))
  const simulator = await startSimulator({ latency: { baseMs: 5, jitterMs: 0 } })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const configPath = join(folder, "sluice.yaml")
  await writeFile(configPath, configuration(simulator.url))
  const environment = {
    SLUICE_CONFIG: configPath,
    SLUICE_NAMESPACE: name,
    REDIS_URL: inject("redisUrl"),
    MONGODB_URL: withDatabase(inject("mongodbUrl"), name),
    PORT: String(port),
    METRICS_PORT: "0",
    SLUICE_ADMIN_KEY: key,
    SIM_KEY: "sim",
  }
  const running: AppProcess[] = []
  const start = async (app: string) => {
    const child = await startApp({ app, environment, logFile: join(folder, `${app}-${running.length}.log`) })
    running.push(child)
    return child
  }
  await start("api")
  const ofUser = { SLUICE_URL: url, SLUICE_API_KEY: key }
  return {
    url,
    simulator,
    environment: ofUser,
    sluice: (args, options = {}) => runCommand({ args, ...options, environment: { ...ofUser, ...options.environment } }),
    startWorker: () => start("worker"),
    async close() {
      await Promise.all(running.map((child) => child.stop()))
      await simulator.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
