import { QueueUnavailableError } from "@sluice/core"
import { describe, expect, onTestFinished, test, vi } from "vitest"
import { createJobQueue, createRouteWorker } from "../src/index.ts"
import { connectForTest, type TestConnection, untilAnswering } from "./support/connect.ts"
import { newEntry } from "./support/entries.ts"
import { createRedisServer, type RedisServer } from "./support/redis-server.ts"

async function setUp(options: { readonly isStarted: boolean }): Promise<TestConnection & { readonly server: RedisServer }> {
  const server = await createRedisServer()
  onTestFinished(() => server.dispose())
  if (options.isStarted) await server.start()
  const connection = connectForTest({ url: server.url, commandBudgetMs: 300, skipAfterTimeoutMs: 500 })
  if (options.isStarted) await untilAnswering(connection.redis)
  return { ...connection, server }
}

/** Collects the ids that a worker of the route has processed. */
function startWorker(redis: TestConnection["redis"]): readonly string[] {
  const processed: string[] = []
  createRouteWorker({
    redis,
    route: "chat",
    concurrency: 2,
    process: ({ id }) => {
      processed.push(id)
      return Promise.resolve({ kind: "done" })
    },
  })
  return processed
}

describe("Redis down at boot", () => {
  test("producers fail fast, and everything works once it is there", async () => {
    const { redis, server, errors } = await setUp({ isStarted: false })
    const queue = createJobQueue({ redis })
    const processed = startWorker(redis)
    const entry = newEntry()

    await expect(queue.enqueue([entry])).rejects.toThrow("There is no connection to Redis")
    await expect(redis.ping()).rejects.toThrow("There is no connection to Redis")
    await vi.waitFor(() =>
      expect(errors.join("\n")).toContain(`Redis at 127.0.0.1:${server.port} (producer connection): connect ECONNREFUSED`),
    )

    await server.start()
    await untilAnswering(redis)
    await queue.enqueue([entry])
    await vi.waitFor(() => expect(processed).toEqual([entry.id]), { timeout: 20_000 })
  })
})

describe("Redis killed and started again", () => {
  test("producers fail fast, and everything works once it is back", async () => {
    const { redis, server } = await setUp({ isStarted: true })
    const queue = createJobQueue({ redis })
    const processed = startWorker(redis)
    const [before, after] = [newEntry(), newEntry()]
    await queue.enqueue([before])
    await vi.waitFor(() => expect(processed).toEqual([before.id]))

    await server.kill()
    await expect(queue.enqueue([after])).rejects.toBeInstanceOf(QueueUnavailableError)

    await server.start()
    await untilAnswering(redis)
    await queue.enqueue([after])
    await vi.waitFor(() => expect(processed).toEqual([before.id, after.id]), { timeout: 20_000 })
  })
})

describe("Redis frozen", () => {
  test("one caller waits for the budget, the next fail at once, and everything works once it goes on", async () => {
    const { redis, server } = await setUp({ isStarted: true })
    const queue = createJobQueue({ redis })
    const processed = startWorker(redis)
    const entry = newEntry()

    server.freeze()
    await expect(queue.enqueue([entry])).rejects.toThrow("did not take the entries within 300 ms")
    await expect(queue.enqueue([newEntry()])).rejects.toThrow("is skipped for the moment")
    await expect(queue.remove(entry)).rejects.toThrow("is skipped for the moment")
    await expect(redis.ping()).rejects.toThrow("is skipped for the moment")

    server.thaw()
    await untilAnswering(redis)
    await queue.enqueue([entry])
    await vi.waitFor(() => expect(processed).toContain(entry.id), { timeout: 20_000 })
  })

  test("a freeze that outlives the sockets is survived as well", async () => {
    const { redis, server, errors } = await setUp({ isStarted: true })
    const queue = createJobQueue({ redis })

    server.freeze()
    await expect(queue.enqueue([newEntry()])).rejects.toBeInstanceOf(QueueUnavailableError)
    await vi.waitFor(() => expect(errors.join("\n")).toContain("Socket timeout"), { timeout: 10_000 })

    server.thaw()
    await untilAnswering(redis)
    await expect(queue.enqueue([newEntry()])).resolves.toBeUndefined()
  })

  test("a Redis that is frozen at boot costs nobody any time", async () => {
    const server = await createRedisServer()
    onTestFinished(() => server.dispose())
    await server.start()
    server.freeze()
    const { redis } = connectForTest({ url: server.url, commandBudgetMs: 300, skipAfterTimeoutMs: 500 })
    const queue = createJobQueue({ redis })

    await expect(queue.enqueue([newEntry()])).rejects.toThrow("There is no connection to Redis")
    server.thaw()
    await untilAnswering(redis)
    await expect(queue.enqueue([newEntry()])).resolves.toBeUndefined()
  })

  test("a process that was busy does not mistake its own delay for Redis'", async () => {
    const { redis } = await setUp({ isStarted: true })
    const ping = redis.ping()
    // The answer arrives while nobody can read it.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
    await expect(ping).resolves.toHaveProperty("latencyMs")
  })
})

describe("Redis full", () => {
  test("a worker waits without spinning and goes on when there is room", async () => {
    const { redis, errors } = await setUp({ isStarted: true })
    const queue = createJobQueue({ redis })
    const entry = newEntry()
    await queue.enqueue([entry])
    await redis.producer.config("SET", "maxmemory", "1mb")
    const processed = startWorker(redis)

    await vi.waitFor(() => expect(errors.join("\n")).toContain("OOM command not allowed"))
    const before = await commandsProcessed(redis)
    const pings = 200
    for (let sent = 0; sent < pings; sent += 1) await redis.producer.ping()
    expect((await commandsProcessed(redis)) - before - pings).toBeLessThan(pings / 4)
    expect(processed).toEqual([])

    await redis.producer.config("SET", "maxmemory", "0")
    await vi.waitFor(() => expect(processed).toEqual([entry.id]), { timeout: 20_000 })
  })
})

async function commandsProcessed(redis: TestConnection["redis"]): Promise<number> {
  const stats = await redis.producer.info("stats")
  return Number(/total_commands_processed:(\d+)/.exec(stats)?.[1])
}

describe("settings of the server", () => {
  test("a server that may drop keys is reported", async () => {
    const server = await createRedisServer(["--maxmemory-policy", "allkeys-lru"])
    onTestFinished(() => server.dispose())
    await server.start()
    const { errors } = connectForTest({ url: server.url })
    await vi.waitFor(() => expect(errors.join("\n")).toContain("maxmemory-policy is allkeys-lru"))
  })
})
