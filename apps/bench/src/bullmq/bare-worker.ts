// The other side of the bare loop, as a process of its own like Sluice's worker: takes entries out, and calls the provider.
import { Worker } from "bullmq"
import { Agent, request } from "undici"

const [redisUrl = "", prefix = "", providerUrl = ""] = process.argv.slice(2)
const { hostname, port } = new URL(redisUrl)
const dispatcher = new Agent({ connections: 100 })
const headers = { authorization: "Bearer bench", "content-type": "application/json" }

const worker = new Worker<{ body: string }>(
  "bare",
  async ({ data }) => {
    const answer = await request(`${providerUrl}/v1/chat/completions`, { method: "POST", headers, body: data.body, dispatcher })
    await answer.body.json()
  },
  {
    connection: { host: hostname, port: Number(port), maxRetriesPerRequest: null },
    prefix,
    concurrency: 100,
    removeOnComplete: { count: 0 },
  },
)
await worker.waitUntilReady()
process.stdout.write("ready\n")
process.on("SIGTERM", () => void worker.close().then(() => process.exit(0)))
