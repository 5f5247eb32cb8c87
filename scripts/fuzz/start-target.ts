import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { freePort, startApp, withDatabase } from "../../packages/devstack/src/index.ts"
import type { Releasers } from "../../packages/runtime/src/index.ts"
import type { Names } from "./known-ids.ts"

export interface TargetOptions {
  readonly redisUrl: string
  readonly mongodbUrl: string
  /** For its configuration and its log. */
  readonly folder: string
  readonly releasers: Releasers
}

export interface Target {
  readonly url: string
  readonly pid: number
  readonly apiKey: string
  readonly names: Names
}

const apiKey = "sk_fuzz"

/** A route of each kind. Nobody works the jobs off, and nothing is called. */
const configuration = `
endpoints:
  a: { provider: openai, baseUrl: "http://127.0.0.1:9/v1", model: m }
routes:
  chat: { tiers: [{ name: primary, endpoints: [a] }, { name: cache }], canary: { messages: [{ role: user, content: ok }] } }
  chat-large: { tiers: [{ name: primary, endpoints: [a] }] }
  embed: { kind: embedding, tiers: [{ name: primary, endpoints: [a] }] }
  draw: { kind: image, tiers: [{ name: primary, endpoints: [a] }] }
`

/** The API as it runs in production, one process on real services. */
export async function startTarget({ redisUrl, mongodbUrl, folder, releasers }: TargetOptions): Promise<Target> {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, "sluice.yaml")
  writeFileSync(path, configuration)
  const port = await freePort()
  const environment = {
    SLUICE_CONFIG: path,
    SLUICE_ADMIN_KEY: apiKey,
    SLUICE_NAMESPACE: "sluice-fuzz",
    REDIS_URL: redisUrl,
    MONGODB_URL: withDatabase(mongodbUrl, "sluice-fuzz"),
    PORT: String(port),
  }
  const api = await startApp({ app: "api", environment, logFile: join(folder, "api.log") })
  releasers.push({ name: "API", release: () => api.stop(), timeoutMs: 60_000 })
  return { url: `http://127.0.0.1:${port}`, pid: api.pid, apiKey, names: { routes: ["chat", "embed", "draw"], endpoints: ["a"] } }
}
