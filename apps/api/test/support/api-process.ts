import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { expect, inject, onTestFinished } from "vitest"
import { key } from "./caller.ts"

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url))

const configuration = `
endpoints:
  a: { provider: openai, baseUrl: "http://127.0.0.1:9/v1", model: m }
routes:
  chat:
    tiers: [{ name: primary, endpoints: [a] }]
  faq:
    tiers: [{ name: primary, endpoints: [a] }, { name: cache }]
`

/** In Redis and in MongoDB; the same at each run, so that old runs do not pile up. */
export const namespace = "sluice-api-test"

export function mongodbUrl(): URL {
  const url = new URL(inject("mongodbUrl"))
  url.pathname = `/${namespace}`
  return url
}

async function writeConfiguration(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-api-"))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, "sluice.yaml")
  await writeFile(path, configuration)
  return path
}

/** With which the process runs on the test's services. */
export async function workingEnvironment(): Promise<Record<string, string>> {
  return {
    SLUICE_CONFIG: await writeConfiguration(),
    SLUICE_ADMIN_KEY: key,
    SLUICE_NAMESPACE: namespace,
    REDIS_URL: inject("redisUrl"),
    MONGODB_URL: mongodbUrl().href,
  }
}

export interface ApiProcess {
  readonly child: ChildProcess
  readonly logs: Record<string, unknown>[]
  readonly stderr: string[]
  /** Resolves to the exit code. */
  readonly exited: Promise<number | null>
  /** Where it serves. Rejects when it ends before it is ready. */
  ready(): Promise<string>
}

/** The process as `npm run api` runs it, with this environment and nothing of ours. It is killed when the test has finished. */
export function startApiProcess(environment: Record<string, string>): ApiProcess {
  const child = spawn(process.execPath, [main], { env: { PORT: "0", ...environment }, stdio: ["ignore", "pipe", "pipe"] })
  const logs: Record<string, unknown>[] = []
  const stderr: string[] = []
  createInterface(child.stdout).on("line", (line) => logs.push(JSON.parse(line)))
  createInterface(child.stderr).on("line", (line) => stderr.push(line))
  const exited = once(child, "close").then(() => child.exitCode)
  onTestFinished(async () => {
    child.kill("SIGKILL")
    await exited
  })
  return {
    child,
    logs,
    stderr,
    exited,
    async ready() {
      const hasEnded = () => child.exitCode !== null
      const isReady = () => logs.some(({ msg }) => msg === "ready")
      await expect.poll(() => isReady() || hasEnded(), { timeout: 55_000 }).toBe(true)
      const url = logs.find(({ msg }) => msg === "ready")?.url
      if (typeof url !== "string") throw new Error(`It did not start: ${stderr.join("\n")} ${JSON.stringify(logs)}`)
      return url
    },
  }
}
