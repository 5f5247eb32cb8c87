import { type Services, withDatabase } from "@sluice/devstack"
import { startSimulator } from "@sluice/simulator"
import { MongoClient } from "mongodb"
import { type BenchOptions, onServices, pause } from "../lib/bench.ts"
import { percentile, table } from "../lib/figures.ts"
import { type Installation, startInstallation } from "../lib/installation.ts"
import { chatJob, simulatedEndpoint } from "../lib/simulated-endpoint.ts"
import { writeResults } from "../lib/write-results.ts"
import { type CallTargets, type PageCall, pageCalls } from "./calls.ts"
import type { JobDocument, Shapes } from "./make-history.ts"
import { seed } from "./seed.ts"

const defaultJobs = 1_000_000
const defaultRounds = 40
const shortRounds = 3
const deliveries = 200
const endpointNames = ["sim-a", "sim-b", "sim-c", "sim-d"]
const routeNames = ["chat", "summaries", "translations"]

/** How long the API takes for each call that the dashboard's pages make, with so many jobs in the database. */
export async function measurePages(options: BenchOptions): Promise<void> {
  const jobs = options.jobs ?? (options.isShort ? 200 : defaultJobs)
  const rounds = options.isShort ? shortRounds : defaultRounds
  const figures = await onServices(options, ({ services, say }) => measureOn(services, { options, jobs, rounds, say }))
  writeResults("pages", options, { settings: { jobs, rounds }, figures })
  const lines = figures.map(({ page, path, p50, p95, max }) => [page, path, p50, p95, max])
  process.stdout.write(
    `\n${table([["page", `call (ms of ${rounds}, ${jobs.toLocaleString("en")} jobs)`, "p50", "p95", "max"], ...lines])}\n`,
  )
}

interface MeasureRequest {
  readonly options: BenchOptions
  readonly jobs: number
  readonly rounds: number
  readonly say: (line: string) => void
}

async function measureOn(services: Services, { options, jobs, rounds, say }: MeasureRequest) {
  // The same at each run, so that an interrupted one is gone on with, and a second one has the history already.
  const name = `pages${jobs}`
  const simulator = await startSimulator({ contentFilterWords: ["forbidden"] })
  const configuration = {
    endpoints: Object.fromEntries(endpointNames.map((endpoint) => [endpoint, simulatedEndpoint(simulator)])),
    routes: Object.fromEntries(routeNames.map((route) => [route, { tiers: [{ name: "primary", endpoints: endpointNames }] }])),
  }
  const inherited = { ...options.environment, SLUICE_WEBHOOK_ALLOW_PRIVATE: "1" }
  const installation = await startInstallation({ services, name, configuration, inherited })
  const client = await new MongoClient(withDatabase(services.mongodbUrl, name)).connect()
  try {
    const targets = await prepare(installation, simulator.url)
    // A worker would go on tidying up: what is measured is the API.
    await Promise.all(installation.workers.map((worker) => worker.stop()))
    const shapes = await shapesIn(client.db().collection<JobDocument>("jobs"), targets.examples)
    const endMs = await endOf(client)
    await seed({ database: client.db(), shapes, jobs, endMs, say })
    const page = await listing(installation, `/v1/jobs?limit=1&createdBefore=${new Date(endMs - 3 * 86_400_000).toISOString()}`)
    const letter = await listing(installation, "/v1/dead-letters?limit=1&kind=job&state=open")
    const today = new Date(endMs).toISOString().slice(0, 10)
    const [jobId = "", deadLetterId = ""] = [page.data[0]?.id, letter.data[0]?.id]
    return await timed(installation, pageCalls({ ...targets, jobId, deadLetterId, cursor: page.nextCursor ?? "", today }), { rounds, say })
  } finally {
    await client.close()
    await installation.stop()
    await simulator.stop()
  }
}

interface Listing {
  readonly data: readonly { readonly id: string }[]
  readonly nextCursor: string | null
}

async function listing(installation: Installation, path: string): Promise<Listing> {
  return (await read(installation, path)) as Listing
}

/** The time up to which the history reaches; kept with it. */
async function endOf(client: MongoClient): Promise<number> {
  const notes = client.db().collection<{ _id: string; endMs: number }>("benchNotes")
  await notes.updateOne({ _id: "pages" }, { $setOnInsert: { endMs: Date.now() } }, { upsert: true })
  return (await notes.findOne({ _id: "pages" }))?.endMs ?? Date.now()
}

type Prepared = Pick<CallTargets, "webhookEndpointId" | "deliveryId"> & { readonly examples: Readonly<Record<keyof Shapes, string>> }

/** Real jobs of each end, and deliveries of a webhook. */
async function prepare(installation: Installation, hookUrl: string): Promise<Prepared> {
  const { id: webhookEndpointId } = await post(installation, "/v1/webhook-endpoints", { url: `${hookUrl}/hooks` })
  const queued = await installation.submit(chatJob("Later", { runAt: new Date(Date.now() + 86_400_000).toISOString() }))
  const succeeded = await installation.submit(chatJob("Say ok"))
  const failed = await installation.submit(chatJob("Say a forbidden word"))
  const cancelled = await installation.submit(chatJob("Cancel", { runAt: new Date(Date.now() + 86_400_000).toISOString() }))
  await post(installation, `/v1/jobs/${cancelled}/cancel`)
  await post(installation, "/v1/routes/summaries/pause")
  const expired = await installation.submit({ ...chatJob("Wait", { expiresInMs: 1_000 }), route: "summaries" })
  for (let index = 0; index < deliveries; index += 1) await installation.submit(chatJob(`Deliver ${index}`))
  for (const id of [succeeded, failed, expired]) while (!(await hasEnded(installation, id))) await pause(200)
  await pause(3_000)
  await post(installation, "/v1/routes/summaries/resume")
  const made = await listing(installation, `/v1/webhook-endpoints/${webhookEndpointId}/deliveries?limit=1`)
  return { webhookEndpointId, deliveryId: made.data[0]?.id ?? "", examples: { queued, succeeded, failed, cancelled, expired } }
}

async function hasEnded(installation: Installation, id: string): Promise<boolean> {
  return ((await installation.get(`/v1/jobs/${id}`)) as { finishedAt: string | null }).finishedAt !== null
}

async function post(installation: Installation, path: string, body?: object): Promise<{ readonly id: string }> {
  const { authorization } = installation.headersOf("default")
  const headers = { authorization: authorization ?? "", ...(body && { "content-type": "application/json" }) }
  const response = await fetch(installation.url + path, { method: "POST", headers, ...(body && { body: JSON.stringify(body) }) })
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as { id: string }
}

async function shapesIn(
  collection: { findOne(filter: { readonly _id: string }): Promise<JobDocument | null> },
  examples: Prepared["examples"],
): Promise<Shapes> {
  const find = async (id: string): Promise<JobDocument> => {
    const found = await collection.findOne({ _id: id })
    if (!found) throw new Error(`The job ${id} is not in the database.`)
    // The history is in the books, and nothing of it is to be done.
    const { accountDueAt: _due, enqueueDueAt: _enqueue, notBefore: _notBefore, ...rest } = found as JobDocument & Record<string, unknown>
    return rest as JobDocument
  }
  const entries = Object.entries(examples).map(async ([name, id]) => [name, await find(id)] as const)
  return Object.fromEntries(await Promise.all(entries)) as unknown as Shapes
}

/** One call after the other, in turns, so that none has the caches to itself. */
async function timed(installation: Installation, calls: readonly PageCall[], { rounds, say }: Pick<MeasureRequest, "rounds" | "say">) {
  const times = calls.map((): number[] => [])
  for (let round = 0; round <= rounds; round += 1) {
    say(`round ${round} of ${rounds}`)
    for (const [index, call] of calls.entries()) {
      const began = performance.now()
      if (call.body) await post(installation, call.path, call.body)
      else await read(installation, call.path)
      // The first round fills the caches, as a page that is open has.
      if (round > 0) times[index]?.push(performance.now() - began)
    }
  }
  return calls.map(({ page, path }, index) => {
    const all = times[index] ?? []
    return { page, path, p50: Math.round(percentile(all, 0.5)), p95: Math.round(percentile(all, 0.95)), max: Math.round(Math.max(...all)) }
  })
}

async function read(installation: Installation, path: string): Promise<unknown> {
  const { authorization } = installation.headersOf("default")
  const response = await fetch(installation.url + path, { headers: { authorization: authorization ?? "" } })
  const text = await response.text()
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`)
  return JSON.parse(text)
}
