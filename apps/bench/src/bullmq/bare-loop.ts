import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { Queue } from "bullmq"
import { concurrently } from "../lib/concurrently.ts"

export interface BareOptions {
  readonly redisUrl: string
  readonly prefix: string
  readonly providerUrl: string
  /** The provider's request, which here travels through the queue. */
  readonly body: string
}

export interface Rates {
  readonly submitsPerSecond: number
  readonly jobsPerSecond: number
}

export interface BareLoop {
  round(jobs: number, concurrency: number): Promise<Rates>
  close(): Promise<void>
}

const workerFile = fileURLToPath(new URL("bare-worker.ts", import.meta.url))
const pollMs = 5

/** `queue.add` here, a worker in a process of its own: no database, no API, nothing kept. */
export async function startBareLoop({ redisUrl, prefix, providerUrl, body }: BareOptions): Promise<BareLoop> {
  const worker = spawn(process.execPath, [workerFile, redisUrl, prefix, providerUrl], { stdio: ["ignore", "pipe", "inherit"] })
  await once(worker.stdout, "data")
  const { hostname, port } = new URL(redisUrl)
  const queue = new Queue("bare", { connection: { host: hostname, port: Number(port) }, prefix })
  await queue.waitUntilReady()
  return {
    async round(jobs, concurrency) {
      const startedAt = performance.now()
      await concurrently(jobs, concurrency, async () => {
        await queue.add("run", { body }, { removeOnComplete: true, removeOnFail: true })
      })
      const submitted = performance.now()
      while ((await queue.getJobCountByTypes("waiting", "active", "delayed", "prioritized")) > 0)
        await new Promise((next) => setTimeout(next, pollMs))
      const ended = performance.now()
      return { submitsPerSecond: (jobs / (submitted - startedAt)) * 1_000, jobsPerSecond: (jobs / (ended - startedAt)) * 1_000 }
    },
    async close() {
      worker.kill("SIGTERM")
      await once(worker, "exit")
      await queue.close()
    },
  }
}
