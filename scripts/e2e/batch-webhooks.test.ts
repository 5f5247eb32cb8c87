import { Webhook } from "standardwebhooks"
import { afterEach, expect, inject, test, vi } from "vitest"
import { createInstallation, type Installation } from "./installation.ts"
import { type Received, type Receiver, startReceiver } from "./receiver.ts"

let installation: Installation | undefined
const receivers: Receiver[] = []
afterEach(async () => {
  await installation?.close()
  installation = undefined
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()))
})

async function install(schedule = "[0, 300, 500, 1000, 2000, 3000, 5000]"): Promise<Installation> {
  installation = await createInstallation({
    redisUrl: inject("redisUrl"),
    mongodbUrl: inject("mongodbUrl"),
    configuration: `webhooks: { scheduleMs: ${schedule}, timeoutMs: 1500 }`,
    environment: { SLUICE_WEBHOOK_ALLOW_PRIVATE: "1" },
    simulator: { latency: { baseMs: 0, jitterMs: 0 } },
  })
  return installation
}

async function receiver(): Promise<Receiver> {
  const started = await startReceiver()
  receivers.push(started)
  return started
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose shape is what they test.
type Json = any

async function ask({ request }: Installation, path: string, body?: object): Promise<Json> {
  const init = { method: "POST", body: JSON.stringify(body ?? {}), headers: { "content-type": "application/json" } }
  const response = await request(path, body ? init : {})
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status}: ${text}`)
  return JSON.parse(text)
}

const ownSecret = `whsec_${Buffer.from("b".repeat(32)).toString("base64")}`
const itemsOf = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    customId: `item-${n}`,
    job: { route: "chat", input: { messages: [{ role: "user", content: `Say ${n}` }] } },
  }))
const create = (on: Installation, { url }: Receiver, count: number): Promise<Json> =>
  ask(on, "/v1/batches", { items: itemsOf(count), webhook: { url, secret: ownSecret } })
const ids = (received: readonly Received[]) => [...new Set(received.map(({ id }) => id))]
const verify = ({ headers, body }: Received, secret: string): Json => new Webhook(secret).verify(body, { ...headers })

test("the end of a batch is told once to an endpoint and once to the batch's own webhook, under one id, and signed", async () => {
  const on = await install()
  const [registered, own] = [await receiver(), await receiver()]
  await Promise.all([on.startApi(), on.startWorker()])
  const { secret } = await ask(on, "/v1/webhook-endpoints", { url: registered.url, events: ["batch.completed"] })
  const { batch } = await create(on, own, 20)
  await vi.waitFor(() => expect([registered.received.length, own.received.length]).toEqual([1, 1]), { timeout: 30_000, interval: 100 })
  for (const [{ received }, key] of [[registered, secret] as const, [own, ownSecret] as const]) {
    const [request] = received
    if (!request) throw new Error("nothing came")
    expect(verify(request, key)).toMatchObject({
      id: request.id,
      type: "batch.completed",
      data: { id: batch.id, status: "completed", counts: { total: 20, succeeded: 20 } },
    })
  }
  expect(ids([...registered.received, ...own.received])).toHaveLength(1)
  // Those who look after batches look again and again; none tells of this one once more.
  await new Promise((resolve) => setTimeout(resolve, 5_000))
  expect([registered.received.length, own.received.length]).toEqual([1, 1])
}, 90_000)

test("kill -9 of the worker while it tells of the end: another tells it, under the same id", async () => {
  const on = await install()
  const [registered, own] = [await receiver(), await receiver()]
  for (const each of [registered, own]) each.reactWith(() => "hang")
  const [, worker] = await Promise.all([on.startApi(), on.startWorker()])
  const { secret } = await ask(on, "/v1/webhook-endpoints", { url: registered.url, events: ["batch.completed"] })
  const { batch } = await create(on, own, 20)
  await vi.waitFor(() => expect(registered.received.length + own.received.length).toBeGreaterThan(0), { timeout: 30_000, interval: 10 })
  process.kill(worker.pid, "SIGKILL")
  await worker.ended
  for (const each of [registered, own]) each.reactWith(() => ({ status: 204 }))
  await on.startWorker()
  const taken = ({ received }: Receiver) => received.filter((request) => request.taken)
  await vi.waitFor(() => expect([taken(registered).length, taken(own).length]).toEqual([1, 1]), { timeout: 60_000, interval: 100 })
  expect(ids([...registered.received, ...own.received])).toHaveLength(1)
  for (const request of registered.received) expect(verify(request, secret).data.id).toBe(batch.id)
  for (const request of own.received) expect(verify(request, ownSecret).data.id).toBe(batch.id)
}, 150_000)

test("kill -9 of the worker among the last jobs: the batch completes with another, which tells it once", async () => {
  const on = await install()
  const [registered, own] = [await receiver(), await receiver()]
  const [, worker] = await Promise.all([on.startApi(), on.startWorker()])
  await ask(on, "/v1/webhook-endpoints", { url: registered.url, events: ["batch.completed"] })
  const { batch } = await create(on, own, 60)
  const ended = async () => (await ask(on, `/v1/batches/${batch.id}`)).counts.succeeded
  await vi.waitFor(async () => expect(await ended()).toBeGreaterThan(0), { timeout: 30_000, interval: 5 })
  process.kill(worker.pid, "SIGKILL")
  await worker.ended
  await on.startWorker()
  await vi.waitFor(() => expect([registered.received.length, own.received.length]).toEqual([1, 1]), { timeout: 120_000, interval: 200 })
  expect(ids([...registered.received, ...own.received])).toHaveLength(1)
  expect(JSON.parse(own.received[0]?.body ?? "").data).toMatchObject({ id: batch.id, counts: { total: 60, succeeded: 60 } })
}, 180_000)

test("an end that the batch's own webhook did not take is a dead letter, and is told by a replay", async () => {
  const on = await install("[0, 100]")
  const own = await receiver()
  own.reactWith(() => ({ status: 500 }))
  await Promise.all([on.startApi(), on.startWorker()])
  const { batch } = await create(on, own, 3)
  const letters = async () => (await ask(on, "/v1/dead-letters?kind=delivery")).data
  await vi.waitFor(async () => expect(await letters()).toHaveLength(1), { timeout: 30_000, interval: 200 })
  const [letter] = await letters()
  expect(letter).toMatchObject({ kind: "delivery", state: "open", jobId: null, route: null, endpoint: "batch", error: { httpStatus: 500 } })
  expect(await ask(on, `/v1/dead-letters/${letter.id}`)).toEqual(letter)
  own.reactWith(() => ({ status: 204 }))
  await ask(on, "/v1/dead-letters/replay", { filter: { kind: "delivery" } })
  await vi.waitFor(async () => expect((await ask(on, `/v1/dead-letters/${letter.id}`)).state).toBe("resolved"), {
    timeout: 30_000,
    interval: 200,
  })
  expect(ids(own.received)).toHaveLength(1)
  expect(own.received.filter(({ taken }) => taken)).toHaveLength(1)
  expect(JSON.parse(own.received.at(-1)?.body ?? "").data.id).toBe(batch.id)
}, 90_000)
