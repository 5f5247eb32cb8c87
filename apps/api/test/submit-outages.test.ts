import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createTcpProxy, type ServiceProcess, startRedis, type TcpProxy } from "@sluice/devstack"
import { connectRedis, createQueueInventory } from "@sluice/redis"
import { connectStore } from "@sluice/store"
import { describe, expect, onTestFinished, test, vi } from "vitest"
import { mongodbUrl, startApiProcess, workingEnvironment } from "./support/api-process.ts"
import type { Answer } from "./support/call.ts"
import { newCaller } from "./support/caller.ts"
import { chatJob } from "./support/memory-api.ts"

async function startOwnRedis(): Promise<{ readonly server: ServiceProcess; readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-api-redis-"))
  const server = await startRedis({ folder })
  onTestFinished(async () => {
    await server.crash().catch(() => undefined)
    await rm(folder, { recursive: true, force: true })
  })
  return { server, folder }
}

async function startProxy(targetPort: number): Promise<TcpProxy> {
  const proxy = await createTcpProxy({ targetPort })
  onTestFinished(() => proxy.close())
  return proxy
}

/** The API with proxies before MongoDB and a Redis of its own. */
async function setUp() {
  const { server, folder } = await startOwnRedis()
  const [redisProxy, mongodbProxy] = [await startProxy(Number(new URL(server.url).port)), await startProxy(Number(mongodbUrl().port))]
  const behindProxy = new URL(mongodbUrl())
  behindProxy.host = `127.0.0.1:${mongodbProxy.port}`
  behindProxy.searchParams.set("directConnection", "true")
  const environment = await workingEnvironment()
  const redisUrl = `redis://127.0.0.1:${redisProxy.port}`
  const api = startApiProcess({ ...environment, REDIS_URL: redisUrl, MONGODB_URL: behindProxy.href })
  const caller = newCaller(await api.ready())
  const store = await connectStore({ url: mongodbUrl().href })
  onTestFinished(() => store.close())
  return { server, folder, redisProxy, mongodbProxy, store, ...caller }
}

async function timed(answer: Promise<Answer>): Promise<Answer & { readonly ms: number }> {
  const startedAt = performance.now()
  return { ...(await answer), ms: performance.now() - startedAt }
}

describe("a submission while Redis", () => {
  type Setup = Awaited<ReturnType<typeof setUp>>
  const harms: [string, (setup: Setup) => unknown][] = [
    ["is dead", ({ server }) => server.crash()],
    ["is frozen", ({ server }) => process.kill(server.pid, "SIGSTOP")],
    ["is slow", ({ redisProxy }) => redisProxy.delayAnswers(3_000)],
    ["cannot be reached", ({ redisProxy }) => redisProxy.set("cut")],
    ["does not answer", ({ redisProxy }) => redisProxy.set("mute")],
  ]

  test.each(harms)("%s is accepted within a second, again and again, and the job is due to be enqueued", async (_how, harm) => {
    const setup = await setUp()
    const { store, tenantId, submit } = setup
    expect(await submit(chatJob)).toMatchObject({ status: 202 })
    await harm(setup)
    for (let sent = 0; sent < 4; sent += 1) {
      const answer = await timed(submit(chatJob))
      expect(answer.status).toBe(202)
      expect(answer.ms).toBeLessThan(1_000)
      const { id } = answer.json
      const due = await store.jobs.findDueToEnqueue({ at: new Date(Date.now() + 6_000), limit: 10_000 })
      expect(due.map((job) => job.id)).toContain(id)
      await store.jobs.cancel({ tenantId, id, at: new Date(), eventId: `evt_${id}` })
    }
  })

  test("was away goes into the queue directly once Redis is back", async () => {
    const { server, redisProxy, submit } = await setUp()
    redisProxy.set("cut")
    expect(await submit(chatJob)).toMatchObject({ status: 202 })
    redisProxy.set("open")
    const redis = connectRedis({ url: server.url, namespace: "sluice-api-test", onError: () => undefined })
    onTestFinished(() => redis.close())
    const inventory = createQueueInventory({ redis })
    await vi.waitFor(
      async () => {
        const { json } = await submit(chatJob)
        const { absent } = await inventory.missing([{ id: json.id, run: 1, route: "chat" }])
        expect(absent).toEqual([])
      },
      { timeout: 10_000, interval: 300 },
    )
  })
})

describe("a submission while MongoDB", () => {
  test.each(["cut", "frozen"] as const)(
    "is %s is refused with Retry-After, nothing is accepted, and the same key works later",
    async (mode) => {
      const { mongodbProxy, store, tenantId, submit } = await setUp()
      mongodbProxy.set(mode)
      const refused = await submit(chatJob, { "idempotency-key": "k" })
      expect(refused).toMatchObject({ status: 503, json: { code: "storage_unavailable", retryable: true } })
      expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0)
      mongodbProxy.set("open")
      await vi.waitFor(async () => expect((await submit(chatJob, { "idempotency-key": "k" })).status).toBeLessThan(300), {
        timeout: 20_000,
      })
      const jobs = await store.jobs.list({ filter: { tenantId }, before: null, limit: 10 })
      expect(jobs).toHaveLength(1)
    },
  )

  test("loses its answers: whatever the caller was told, sent again under its key there is one job", async () => {
    const { mongodbProxy, store, tenantId, submit } = await setUp()
    mongodbProxy.set("mute")
    const first = submit(chatJob, { "idempotency-key": "k" })
    await vi.waitFor(async () => expect(await store.jobs.list({ filter: { tenantId }, before: null, limit: 10 })).toHaveLength(1), {
      timeout: 5_000,
    })
    mongodbProxy.set("cut")
    mongodbProxy.set("open")
    expect([202, 503]).toContain((await first).status)
    const again = await vi.waitFor(
      async () => {
        const answer = await submit(chatJob, { "idempotency-key": "k" })
        expect(answer.status).toBe(200)
        return answer
      },
      { timeout: 20_000 },
    )
    expect(again.headers["idempotency-replayed"]).toBe("true")
    const jobs = await store.jobs.list({ filter: { tenantId }, before: null, limit: 10 })
    expect(jobs.map(({ id }) => id)).toEqual([again.json.id])
  })
})
