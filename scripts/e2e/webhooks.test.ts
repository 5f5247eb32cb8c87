import { Webhook } from "standardwebhooks"
import { afterEach, describe, expect, inject, test, vi } from "vitest"
import { mapConcurrently } from "../lib/map-concurrently.ts"
import { createInstallation, type Installation } from "./installation.ts"
import { type Received, type Receiver, startReceiver } from "./receiver.ts"

/** Tries in quick succession, so that a test sees all of them. */
const quick = (settings = "") =>
  `webhooks: { scheduleMs: [0, 200, 500, 1000, 1000, 2000, 2000, 2000, 3000, 3000, 3000, 3000], timeoutMs: 1000${settings} }`

let installation: Installation | undefined
const receivers: Receiver[] = []
afterEach(async () => {
  await installation?.close()
  installation = undefined
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()))
})

async function install(configuration = quick()): Promise<Installation> {
  installation = await createInstallation({
    redisUrl: inject("redisUrl"),
    mongodbUrl: inject("mongodbUrl"),
    configuration,
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

async function call(
  { request }: Installation,
  path: string,
  { method = "POST", body }: { method?: string; body?: object } = {},
): Promise<Json> {
  const init = body ? { body: JSON.stringify(body), headers: { "content-type": "application/json" } } : {}
  const response = await request(path, { method, ...init })
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status}: ${text}`)
  return text === "" ? null : JSON.parse(text)
}
const register = (on: Installation, { url }: Pick<Receiver, "url">, body: object = {}) =>
  call(on, "/v1/webhook-endpoints", { body: { url, ...body } })

async function everyDelivery(on: Installation, endpointId: string): Promise<Json[]> {
  const all: Json[] = []
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query: string = cursor === "" ? "" : `&cursor=${cursor}`
    const page: Json = await call(on, `/v1/webhook-endpoints/${endpointId}/deliveries?limit=200${query}`, { method: "GET" })
    all.push(...page.data)
    cursor = page.nextCursor
  }
  return all
}

const prompts = (count: number) => Array.from({ length: count }, (_, index) => `Ticket ${index + 1}`)
const idsOf = (received: readonly Received[]) => new Set(received.map(({ id }) => id))
/** Throws unless the receiver's library would accept the request. */
const verify = ({ headers, body }: Received, secret: string): Json => new Webhook(secret).verify(body, { ...headers })

describe("webhooks", () => {
  test("300 events reach a receiver that fails at random, hangs and is away for a while; ids stay, signatures hold", async () => {
    const on = await install()
    const { url, received, reactWith } = await receiver()
    let isAway = false
    let count = 0
    reactWith(({ index }) => {
      count += 1
      if (isAway) return "reset"
      if (index % 20 === 7) return "hang"
      return index % 10 < 3 ? { status: 500 } : { status: 204 }
    })
    await Promise.all([on.startApi(), on.startWorker(), on.startWorker()])
    const { id, secret } = await register(on, { url })
    const jobs = await mapConcurrently(prompts(300), 20, (prompt) => on.submit(prompt))
    await vi.waitFor(() => expect(count).toBeGreaterThan(50), { timeout: 30_000 })
    isAway = true
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    isAway = false

    await vi.waitFor(() => expect(idsOf(received.filter(({ taken }) => taken)).size).toBe(300), { timeout: 90_000, interval: 200 })
    for (const request of received) expect(verify(request, secret)).toMatchObject({ id: request.id, type: "job.succeeded" })
    const jobIds = received.map(({ body }): string => JSON.parse(body).data.id)
    expect(new Set(jobIds)).toEqual(new Set(jobs.map(({ id }) => id)))
    // At each try the same, byte for byte.
    for (const requests of Map.groupBy(received, ({ id }) => id).values()) expect(new Set(requests.map(({ body }) => body)).size).toBe(1)
    // What the sender knew to be taken was never sent again; only an answer that came too late makes a duplicate.
    const deliveries = await vi.waitFor(
      async () => {
        const all = await everyDelivery(on, id)
        expect(all.filter(({ status }) => status !== "delivered")).toEqual([])
        return all
      },
      { timeout: 20_000 },
    )
    expect(deliveries).toHaveLength(300)
    for (const { tries } of deliveries)
      expect(tries.map(({ error }: Json) => error === null)).toEqual([...tries.slice(1).map(() => false), true])
  }, 180_000)

  test("a receiver that hangs delays no other", async () => {
    const on = await install()
    const hanging = await receiver()
    hanging.reactWith(() => "hang")
    const good = await receiver()
    await Promise.all([on.startApi(), on.startWorker()])
    await register(on, hanging)
    await register(on, good)
    await mapConcurrently(prompts(100), 20, (prompt) => on.submit(prompt))
    await vi.waitFor(() => expect(idsOf(good.received).size).toBe(100), { timeout: 20_000 })
    // 100 time-outs of a second, two at a time, would have taken 50 s: the good one waited for hardly any.
    expect(hanging.received.length).toBeLessThan(50)
  })

  test("kill -9 in mid-delivery: another worker delivers when the lease has ended", async () => {
    const on = await install("webhooks: { scheduleMs: [0, 500], timeoutMs: 1500 }")
    const { url, received, reactWith } = await receiver()
    reactWith(() => "hang")
    const [, worker] = await Promise.all([on.startApi(), on.startWorker()])
    const { secret } = await register(on, { url })
    await on.submit("Ticket")
    await vi.waitFor(() => expect(received).toHaveLength(1), { timeout: 20_000 })
    process.kill(worker.pid, "SIGKILL")
    await worker.ended
    reactWith(() => ({ status: 204 }))
    await on.startWorker()
    await vi.waitFor(() => expect(received).toHaveLength(2), { timeout: 40_000 })
    expect(idsOf(received).size).toBe(1)
    for (const request of received) verify(request, secret)
  }, 90_000)

  test("a job's own webhook is signed with its secret, or with the tenant's; the job shows its deliveries", async () => {
    const on = await install()
    const { url, received } = await receiver()
    await Promise.all([on.startApi(), on.startWorker()])
    const { secret } = await call(on, "/v1/webhook-secret/rotate")
    const own = `whsec_${Buffer.from("k".repeat(32)).toString("base64")}`
    const withOwn = await on.submit("own", { webhook: { url, secret: own, events: ["job.started", "job.succeeded"] } })
    const withDefault = await on.submit("default", { webhook: { url } })
    await vi.waitFor(() => expect(received).toHaveLength(3), { timeout: 20_000 })
    for (const request of received) {
      const { data, type } = JSON.parse(request.body)
      const event = verify(request, data.id === withOwn.id ? own : secret)
      expect(event.data).not.toHaveProperty("input")
      if (data.id === withDefault.id) expect(type).toBe("job.succeeded")
    }
    await vi.waitFor(async () => {
      const { deliveries = [] } = await on.job(withOwn.id, "?expand=deliveries")
      expect(deliveries).toMatchObject([
        { target: "job", eventType: "job.started", status: "delivered", tries: [{ httpStatus: 204, error: null }] },
        { target: "job", eventType: "job.succeeded", status: "delivered", nextAttemptAt: null },
      ])
    })
  })

  test("test, rotation, giving up, redelivery and recovery", async () => {
    const on = await install("webhooks: { scheduleMs: [0, 100] }")
    const { url, received, reactWith } = await receiver()
    await Promise.all([on.startApi(), on.startWorker()])
    const endpoint = await register(on, { url }, { headers: { "X-Team": "a" } })
    const path = `/v1/webhook-endpoints/${endpoint.id}`
    await call(on, `${path}/test`)
    await vi.waitFor(() => expect(received).toHaveLength(1), { timeout: 20_000 })
    expect(received[0]?.headers).toMatchObject({ "x-team": "a", "content-type": "application/json" })

    const { secret } = await call(on, `${path}/rotate-secret`, { body: { overlapMs: 60_000 } })
    const since = new Date().toISOString()
    reactWith(() => ({ status: 500 }))
    await Promise.all([on.submit("one"), on.submit("two")])
    const failed = async () => (await call(on, `${path}/deliveries?status=failed`, { method: "GET" })).data
    await vi.waitFor(async () => expect(await failed()).toHaveLength(2), { timeout: 20_000 })
    const [first] = await failed()
    expect(first.tries).toHaveLength(2)
    for (const request of received.slice(1)) {
      verify(request, secret)
      verify(request, endpoint.secret)
    }

    reactWith(() => ({ status: 204 }))
    await call(on, `${path}/deliveries/${first.id}/redeliver`)
    await vi.waitFor(async () => expect(await failed()).toHaveLength(1), { timeout: 20_000 })
    const recovery = await call(on, `${path}/recover`, { body: { since } })
    await vi.waitFor(
      async () =>
        expect(await call(on, `${path}/recoveries/${recovery.id}`, { method: "GET" })).toMatchObject({ status: "completed", recovered: 1 }),
      { timeout: 20_000 },
    )
    await vi.waitFor(async () => expect(await failed()).toHaveLength(0), { timeout: 20_000 })
    expect(idsOf(received).size).toBe(3)
  })

  test("410 disables; Retry-After is kept; an endpoint that only fails is disabled after the time set", async () => {
    const on = await install(quick(", disableAfterMs: 1500"))
    const [gone, busy, failing] = [await receiver(), await receiver(), await receiver()]
    gone.reactWith(() => ({ status: 410 }))
    const times: number[] = []
    busy.reactWith(({ index }) => {
      times.push(performance.now())
      return index === 0 ? { status: 429, headers: { "retry-after": "2" } } : { status: 204 }
    })
    failing.reactWith(() => ({ status: 500 }))
    await Promise.all([on.startApi(), on.startWorker()])
    const endpoints = await Promise.all([gone, busy, failing].map((each) => register(on, each)))
    await on.submit("Ticket")
    const reasonOf = async (index: number) =>
      (await call(on, `/v1/webhook-endpoints/${endpoints[index].id}`, { method: "GET" })).disabled?.reason
    await vi.waitFor(
      async () => expect([await reasonOf(0), await reasonOf(1), await reasonOf(2)]).toEqual(["gone", undefined, "failing"]),
      {
        timeout: 30_000,
      },
    )
    await vi.waitFor(() => expect(busy.received).toHaveLength(2), { timeout: 20_000 })
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1_990)
    expect(gone.received).toHaveLength(1)
    const enabled = await call(on, `/v1/webhook-endpoints/${endpoints[2].id}`, { method: "PATCH", body: { enabled: true } })
    expect(enabled).toMatchObject({ disabled: null, failingSince: null })
  })
})
