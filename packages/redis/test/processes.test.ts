import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { ProcessEntry, ProcessOutcome } from "@sluice/core"
import { describe, expect, inject, onTestFinished, test, vi } from "vitest"
import { createJobQueue, createRouteWorker } from "../src/index.ts"
import { connectToSharedRedis } from "./support/connect.ts"
import { newEntries, newEntry } from "./support/entries.ts"
import { createRedisServer, type RedisServer } from "./support/redis-server.ts"

interface TestProcess {
  readonly child: ChildProcess
  readonly lines: readonly string[]
}

const shortLocks = { lockDurationMs: 500, stalledIntervalMs: 250, drainDelayMs: 500 }

/** Runs a file of the support folder in a process of its own, killed when the test is over. */
function run(file: string, args: readonly string[]): TestProcess {
  const path = fileURLToPath(new URL(`support/${file}`, import.meta.url))
  const child = spawn(process.execPath, [path, ...args], { stdio: ["ignore", "pipe", "inherit"] })
  onTestFinished(() => void child.kill("SIGKILL"))
  const lines: string[] = []
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line))
  return { child, lines }
}

describe("a worker that is killed", () => {
  test("has its entries taken over by another", async () => {
    const { redis } = await connectToSharedRedis()
    const entries = newEntries(3, { priority: "bulk" })
    const victim = run("worker-process.ts", [inject("redisUrl"), redis.namespace])
    const queue = createJobQueue({ redis })
    await queue.enqueue(entries)
    await vi.waitFor(() => expect(victim.lines.length).toBe(3), { timeout: 20_000 })

    victim.child.kill("SIGKILL")
    await once(victim.child, "exit")
    const processed: string[] = []
    createRouteWorker({
      redis,
      route: "chat",
      concurrency: 1,
      ...shortLocks,
      process: ({ id }) => {
        processed.push(id)
        return Promise.resolve({ kind: "done" })
      },
    })
    await vi.waitFor(() => expect(processed.toSorted()).toEqual(entries.map(({ id }) => id).toSorted()), { timeout: 20_000 })
  })

  test("too often with the same entry: the entry is dropped and that is reported, and it can be added again", async () => {
    const { redis, errors } = await connectToSharedRedis()
    const entry = newEntry()
    const victim = run("worker-process.ts", [inject("redisUrl"), redis.namespace])
    const queue = createJobQueue({ redis })
    await queue.enqueue([entry])
    await vi.waitFor(() => expect(victim.lines).toEqual([entry.id]), { timeout: 20_000 })
    victim.child.kill("SIGKILL")
    await once(victim.child, "exit")

    const processed: string[] = []
    createRouteWorker({
      redis,
      route: "chat",
      concurrency: 1,
      ...shortLocks,
      maxStalledCount: 0,
      process: ({ id }) => {
        processed.push(id)
        return Promise.resolve({ kind: "done" })
      },
    })
    await vi.waitFor(() => expect(errors.join("\n")).toContain(`Entry ${entry.id}-1 of route chat was dropped from the queue`), {
      timeout: 20_000,
    })
    expect(processed).toEqual([])
    await queue.enqueue([entry])
    await vi.waitFor(() => expect(processed).toEqual([entry.id]))
  })
})

describe("a worker that is stopped for longer than its lock lasts, and then goes on", () => {
  test("cannot finish the entry that another has taken over", async () => {
    const { redis, client } = await connectToSharedRedis()
    const entry = newEntry()
    const sleeper = run("worker-process.ts", [inject("redisUrl"), redis.namespace])
    await createJobQueue({ redis }).enqueue([entry])
    await vi.waitFor(() => expect(sleeper.lines).toEqual([entry.id]), { timeout: 20_000 })

    sleeper.child.kill("SIGSTOP")
    const gate = Promise.withResolvers<ProcessOutcome>()
    const process = vi.fn<ProcessEntry>(() => gate.promise)
    createRouteWorker({ redis, route: "chat", concurrency: 1, ...shortLocks, process })
    await vi.waitFor(() => expect(process).toHaveBeenCalledOnce(), { timeout: 20_000 })
    sleeper.child.kill("SIGCONT")
    sleeper.child.kill("SIGUSR2")
    await vi.waitFor(() => expect(sleeper.lines.join("\n")).toContain("Lock mismatch"), { timeout: 20_000 })
    const active = (): Promise<string[]> => client.lrange(`${redis.namespace}:{route-chat}:active`, 0, "-1")
    expect(await active()).toEqual([`${entry.id}-1`])

    gate.resolve({ kind: "done" })
    await vi.waitFor(async () => expect(await active()).toEqual([]))
    expect(process).toHaveBeenCalledOnce()
  })
})

describe("after close", () => {
  test("nothing keeps the process alive", async () => {
    const { redis } = await connectToSharedRedis()
    const { child, lines } = run("short-process.ts", [inject("redisUrl"), redis.namespace])
    const [code] = await once(child, "exit")
    expect({ code, lines }).toEqual({ code: 0, lines: ["closed"] })
  })

  test.each([
    { state: "was never there", settings: [], prepare: () => Promise.resolve() },
    { state: "refuses the password", settings: ["--requirepass", "secret"], prepare: (server: RedisServer) => server.start() },
    {
      state: "is frozen",
      settings: [],
      prepare: async (server: RedisServer) => {
        await server.start()
        server.freeze()
      },
    },
  ])("nothing keeps the process alive when Redis $state", async ({ settings, prepare }) => {
    const server = await createRedisServer(settings)
    onTestFinished(() => server.dispose())
    await prepare(server)
    const { child, lines } = run("short-process.ts", [server.url, "test"])
    const [code] = await once(child, "exit")
    expect({ code, lines }).toEqual({ code: 0, lines: ["closed"] })
  })
})
