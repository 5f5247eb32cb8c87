// The floor's API: what a good engineer writes in an afternoon, without Sluice. Keeps no log, which is in its favour.
import { once } from "node:events"
import { Queue } from "bullmq"
import express from "express"
import { ObjectId } from "mongodb"
import { openJobs, readFloorSettings, redisOptions } from "../floor-settings.ts"

const settings = readFloorSettings(process.env)
const jobs = await openJobs(settings)
const queue = new Queue("floor", {
  connection: redisOptions(settings),
  prefix: settings.prefix,
  defaultJobOptions: { removeOnComplete: true, removeOnFail: 1_000, attempts: 3, backoff: { type: "exponential", delay: 1_000 } },
})
await queue.waitUntilReady()

const app = express().disable("x-powered-by").disable("etag")
app.use((request, response, next) => {
  if (request.headers.authorization === `Bearer ${settings.apiKey}`) next()
  else response.status(401).json({ error: "The key is not valid." })
})
app.post("/jobs", express.json({ limit: "1mb" }), async (request, response) => {
  const { input } = request.body as { readonly input?: { readonly messages?: unknown } }
  if (!input || !Array.isArray(input.messages)) return void response.status(400).json({ error: "input.messages is missing." })
  const _id = new ObjectId().toHexString()
  await jobs.insertOne({ _id, status: "queued", input, createdAt: new Date() })
  await queue.add("run", { id: _id }, { jobId: `job-${_id}` })
  response.status(202).json({ id: _id, status: "queued" })
})
app.get("/jobs/:id", async (request, response) => {
  const job = await jobs.findOne({ _id: request.params.id })
  if (job) response.json(job)
  else response.status(404).json({ error: "There is no such job." })
})

const server = app.listen(Number(process.env.PORT), "127.0.0.1")
await once(server, "listening")
process.stdout.write(`"msg":"ready"\n`)
process.on("SIGTERM", () => process.exit(0))
