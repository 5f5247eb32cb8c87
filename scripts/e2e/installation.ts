import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type AppProcess, freePort, startApp, withDatabase } from "../../packages/devstack/src/index.ts"
import { type Simulator, type SimulatorOptions, startSimulator } from "../../packages/simulator/src/index.ts"
import { type Caller, createCaller } from "./caller.ts"
import { createKnownSecrets, isSecretLike, type KnownSecrets } from "./known-secrets.ts"

const adminKey = "sk_test_admin"
/** What the only endpoint sends. */
export const providerKey = "simulated-provider-key-5d1c0e"

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
export interface Installation extends Caller {
  readonly simulator: Simulator
  /** Where clients find the API. */
  readonly api: { readonly url: string; readonly key: string }
  /** With the database of this installation. */
  readonly mongodbUrl: string
  readonly configPath: string
  /** What nobody may read in the output of the processes. It is looked for in all of it when the installation is closed. */
  readonly secrets: KnownSecrets
  /** What all processes have logged. */
  logs(): string
  startApi(environment?: Readonly<Record<string, string>>): Promise<AppProcess>
  startWorker(environment?: Readonly<Record<string, string>>): Promise<AppProcess>
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
    SIM_KEY: providerKey,
    ...options.environment,
  }
  const secrets = createKnownSecrets()
  secrets.add(adminKey, providerKey, ...secretsIn(options.environment))
  const running: AppProcess[] = []
  let started = 0
  const start = async (app: string, extra: Readonly<Record<string, string>> = {}) => {
    const logFile = join(folder, `${app}-${++started}.log`)
    secrets.add(...secretsIn(extra))
    const child = await startApp({ app, environment: { ...environment, ...extra }, logFile })
    running.push(child)
    return child
  }
  const stop = async () => void (await Promise.all(running.map((child) => child.stop())))

  return {
    simulator,
    api: { url: apiUrl, key: adminKey },
    mongodbUrl,
    configPath,
    secrets,
    logs: () => logsIn(folder),
    startApi: (extra) => start("api", extra),
    startWorker: (extra) => start("worker", extra),
    ...createCaller({ apiUrl, key: adminKey, secrets }),
    stop,
    async close() {
      await stop()
      await simulator.stop()
      const told = logsIn(folder)
      rmSync(folder, { recursive: true, force: true })
      secrets.expectNoneIn(told)
    },
  }
}

function secretsIn(environment: Readonly<Record<string, string>> = {}): readonly string[] {
  return Object.values(environment).filter(isSecretLike)
}

function logsIn(folder: string): string {
  const files = readdirSync(folder).filter((file) => file.endsWith(".log"))
  return files.map((file) => readFileSync(join(folder, file), "utf8")).join("")
}
