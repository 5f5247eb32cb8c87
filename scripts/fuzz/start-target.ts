import { randomBytes } from "node:crypto"
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
/** The tenant is the one that the example of its making names. */
const names: Names = { routes: ["chat", "embed", "draw"], endpoints: ["a"], tenants: ["acme"], providers: ["openai"] }

/** A route of each kind. Nobody works the jobs off, and nothing is called. */
const configuration = `
endpoints:
  a: { provider: openai, baseUrl: "http://127.0.0.1:9/v1", model: m, credential: tenant-then-platform }
routes:
  chat: { tiers: [{ name: primary, endpoints: [a] }, { name: cache }], canary: { messages: [{ role: user, content: ok }] } }
  chat-large: { tiers: [{ name: primary, endpoints: [a] }] }
  embed: { kind: embedding, tiers: [{ name: primary, endpoints: [a] }] }
  draw: { kind: image, tiers: [{ name: primary, endpoints: [a] }] }
tenants: { described: {} }
`

/** The API as it runs in production, one process on real services. */
export async function startTarget({ redisUrl, mongodbUrl, folder, releasers }: TargetOptions): Promise<Target> {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, "sluice.yaml")
  writeFileSync(path, configuration)
  const port = await freePort()
  // What an earlier run has made would be in the way of this one.
  const namespace = `fuzz-${Date.now().toString(36)}`
  const environment = {
    SLUICE_CONFIG: path,
    SLUICE_ADMIN_KEY: apiKey,
    SLUICE_NAMESPACE: namespace,
    REDIS_URL: redisUrl,
    MONGODB_URL: withDatabase(mongodbUrl, namespace),
    SLUICE_ENCRYPTION_KEYS: "fuzz=env:FUZZ_ENCRYPTION_KEY",
    FUZZ_ENCRYPTION_KEY: randomBytes(32).toString("base64"),
    PORT: String(port),
  }
  const api = await startApp({ app: "api", environment, logFile: join(folder, "api.log") })
  releasers.push({ name: "API", release: () => api.stop(), timeoutMs: 60_000 })
  return { url: `http://127.0.0.1:${port}`, pid: api.pid, apiKey, names }
}
