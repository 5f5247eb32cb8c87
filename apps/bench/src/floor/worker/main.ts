// The floor's worker. BullMQ repeats what fails; the pool of connections to the provider is that of Node's own fetch.
import { Worker } from "bullmq"
import { openJobs, readFloorSettings, redisOptions } from "../floor-settings.ts"

const settings = readFloorSettings(process.env)
const jobs = await openJobs(settings)
const headers = { authorization: "Bearer bench", "content-type": "application/json" }

interface Completion {
  readonly choices: readonly [{ readonly message: { readonly content: string } }]
}

async function complete(input: object): Promise<string> {
  const body = JSON.stringify({ model: "sim-1", ...input })
  const answer = await fetch(`${settings.providerUrl}/v1/chat/completions`, {
    method: "POST",
    headers,
    body,
    signal: AbortSignal.timeout(5_000),
  })
  if (!answer.ok) throw new Error(`The provider answered ${answer.status}.`)
  const { choices } = (await answer.json()) as Completion
  return choices[0].message.content
}

const worker = new Worker<{ id: string }>(
  "floor",
  async ({ data }) => {
    const job = await jobs.findOne({ _id: data.id })
    if (!job) return
    const output = await complete(job.input)
    await jobs.updateOne({ _id: data.id }, { $set: { status: "succeeded", output, finishedAt: new Date() } })
  },
  { connection: { ...redisOptions(settings), maxRetriesPerRequest: null }, prefix: settings.prefix, concurrency: settings.concurrency },
)
await worker.waitUntilReady()
process.stdout.write(`"msg":"ready"\n`)
process.on("SIGTERM", () => void worker.close().then(() => process.exit(0)))
