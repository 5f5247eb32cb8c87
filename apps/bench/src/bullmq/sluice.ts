import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { freePort, type Services, startApp, withDatabase } from "@sluice/devstack"
import { Agent, request } from "undici"
import { concurrently } from "../lib/concurrently.ts"
import type { Rates } from "./bare-loop.ts"

const adminKey = "sk_bench"
const pollMs = 20

export interface SluiceOptions {
  readonly services: Services
  readonly name: string
  readonly providerUrl: string
  readonly body: string
  /** The environment that the processes inherit. */
  readonly inherited: Readonly<Record<string, string | undefined>>
}

export interface SluiceUnderTest {
  round(jobs: number, concurrency: number): Promise<Rates>
  close(): Promise<void>
}

/** One API process and one worker process, as in production, with all that they do switched on. */
export async function startSluice({ services, name, providerUrl, body, inherited }: SluiceOptions): Promise<SluiceUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-bench-"))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const configPath = join(folder, "sluice.yaml")
  writeFileSync(
    configPath,
    `endpoints: { sim: { provider: openai, baseUrl: "${providerUrl}/v1", model: sim-1, apiKey: env:BENCH_PROVIDER_KEY } }
routes: { chat: { tiers: [{ name: primary, endpoints: [sim] }] } }
`,
  )
  const environment = {
    ...inherited,
    SLUICE_CONFIG: configPath,
    SLUICE_NAMESPACE: name,
    REDIS_URL: services.redisUrl,
    MONGODB_URL: withDatabase(services.mongodbUrl, name),
    PORT: String(port),
    SLUICE_ADMIN_KEY: adminKey,
    BENCH_PROVIDER_KEY: "bench",
  }
  const start = (app: string) => startApp({ app, environment, logFile: join(folder, `${app}.log`) })
  const apps = await Promise.all([start("api"), start("worker")])
  const dispatcher = new Agent({ connections: 100 })
  const headers = { authorization: `Bearer ${adminKey}`, "content-type": "application/json" }

  async function countUnfinished(): Promise<number> {
    const answer = await request(`${url}/v1/jobs?status=queued,running&limit=1`, { headers, dispatcher })
    const page = (await answer.body.json()) as { data: readonly unknown[] }
    return page.data.length
  }

  return {
    async round(jobs, concurrency) {
      const startedAt = performance.now()
      await concurrently(jobs, concurrency, async () => {
        const answer = await request(`${url}/v1/jobs`, { method: "POST", headers, body, dispatcher })
        await answer.body.text()
        if (answer.statusCode !== 202) throw new Error(`A job was not accepted: ${answer.statusCode}`)
      })
      const submitted = performance.now()
      while ((await countUnfinished()) > 0) await new Promise((next) => setTimeout(next, pollMs))
      const ended = performance.now()
      return { submitsPerSecond: (jobs / (submitted - startedAt)) * 1_000, jobsPerSecond: (jobs / (ended - startedAt)) * 1_000 }
    },
    async close() {
      await Promise.all(apps.map((app) => app.stop()))
      await dispatcher.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
