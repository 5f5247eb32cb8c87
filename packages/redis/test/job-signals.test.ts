import { Redis } from "ioredis"
import { describe, expect, inject, onTestFinished, test, vi } from "vitest"
import { createJobSignals } from "../src/index.ts"
import { connectForTest, connectToSharedRedis, untilAnswering } from "./support/connect.ts"
import { createRedisServer } from "./support/redis-server.ts"

/** Announces until the first message arrives, since the subscription is made in the background. */
async function untilSubscribed(signals: ReturnType<typeof createJobSignals>, heard: readonly string[]): Promise<void> {
  await vi.waitFor(
    () => {
      signals.announceFinished({ id: "job_probe" })
      expect(heard).toContain("job_probe")
    },
    { timeout: 20_000 },
  )
}

describe("job signals", () => {
  test("reach every listener of the installation, in other processes too, and no other installation", async () => {
    const { redis } = await connectToSharedRedis()
    const other = connectForTest({ url: inject("redisUrl"), namespace: redis.namespace })
    const stranger = connectForTest({ url: inject("redisUrl") })
    const heard = { here: [] as string[], there: [] as string[], elsewhere: [] as string[] }
    const signals = createJobSignals({ redis })
    createJobSignals({ redis: other.redis }).onFinished(({ id }) => heard.there.push(id))
    const strangers = createJobSignals({ redis: stranger.redis })
    strangers.onFinished(({ id }) => heard.elsewhere.push(id))
    signals.onFinished(({ id }) => heard.here.push(id))
    await untilSubscribed(signals, heard.here)
    await untilSubscribed(signals, heard.there)
    await untilSubscribed(strangers, heard.elsewhere)

    signals.announceFinished({ id: "job_1" })
    await vi.waitFor(() => {
      expect(heard.here).toContain("job_1")
      expect(heard.there).toContain("job_1")
    })
    expect(heard.elsewhere).not.toContain("job_1")
  })

  test("end for a listener that left, also when it listens twice; the others stay", async () => {
    const { redis } = await connectToSharedRedis()
    const signals = createJobSignals({ redis })
    const heard: string[] = []
    const listener = ({ id }: { readonly id: string }): void => void heard.push(id)
    const leave = signals.onFinished(listener)
    signals.onFinished(listener)
    await untilSubscribed(signals, heard)

    leave()
    leave()
    signals.announceFinished({ id: "job_2" })
    await vi.waitFor(() => expect(heard).toContain("job_2"))
    expect(heard.filter((id) => id === "job_2").length).toBe(1)
  })

  test("a listener that throws is reported and does not keep others from hearing", async () => {
    const { redis, errors } = await connectToSharedRedis()
    const signals = createJobSignals({ redis })
    const heard: string[] = []
    signals.onFinished(() => {
      throw new Error("a careless listener")
    })
    signals.onFinished(({ id }) => heard.push(id))
    await untilSubscribed(signals, heard)
    expect(errors).toEqual(["a careless listener"])
  })

  test("use one connection for all listeners, and one message for what is announced together", async () => {
    const { redis, client } = await connectToSharedRedis()
    const monitor = new Redis(inject("redisUrl"))
    onTestFinished(() => monitor.disconnect())
    const messages: string[] = []
    await monitor.subscribe(`${redis.namespace}:finished`)
    monitor.on("message", (_channel, message) => messages.push(message))
    const signals = createJobSignals({ redis })
    const heard: string[] = []
    for (let count = 0; count < 20; count += 1) signals.onFinished(({ id }) => heard.push(id))
    await untilSubscribed(signals, heard)
    const clients = String(await client.client("LIST")).split("\n")
    expect(clients.filter((line) => line.includes(`name=${redis.namespace}:subscriber`)).length).toBe(1)

    for (const id of ["job_a", "job_b", "job_c"]) signals.announceFinished({ id })
    await vi.waitFor(() => expect(messages.at(-1)).toMatch(/job_a\njob_b\njob_c$/))
  })

  test("carry thousands announced together", async () => {
    const { redis } = await connectToSharedRedis()
    const signals = createJobSignals({ redis })
    const heard: string[] = []
    signals.onFinished(({ id }) => heard.push(id))
    await untilSubscribed(signals, heard)
    const ids = Array.from({ length: 2_500 }, (_, index) => `job_${index}`)
    for (const id of ids) signals.announceFinished({ id })
    await vi.waitFor(() => expect(heard.filter((id) => id !== "job_probe")).toEqual(ids))
  })

  test("are lost without harm while Redis is away, and arrive again when it is back", async () => {
    const server = await createRedisServer()
    onTestFinished(() => server.dispose())
    await server.start()
    const { redis } = connectForTest({ url: server.url })
    const signals = createJobSignals({ redis })
    const heard: string[] = []
    signals.onFinished(({ id }) => heard.push(id))
    await untilSubscribed(signals, heard)

    await server.kill()
    signals.announceFinished({ id: "job_lost" })
    await server.start()
    await untilAnswering(redis)
    heard.length = 0
    await untilSubscribed(signals, heard)
    expect(heard).not.toContain("job_lost")
  })

  test("announced right before the end are still published", async () => {
    const { redis } = await connectToSharedRedis()
    const heard: string[] = []
    const listening = createJobSignals({ redis })
    listening.onFinished(({ id }) => heard.push(id))
    await untilSubscribed(listening, heard)
    const leaving = connectForTest({ url: inject("redisUrl"), namespace: redis.namespace })
    await untilAnswering(leaving.redis)
    createJobSignals({ redis: leaving.redis }).announceFinished({ id: "job_last" })
    await leaving.redis.close()
    await vi.waitFor(() => expect(heard).toContain("job_last"))
  })
})
