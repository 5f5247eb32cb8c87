import { sampleJob } from "@sluice/core/testing"
import { createTcpProxy } from "@sluice/devstack"
import type { MongoClient } from "mongodb"
import { afterEach, beforeEach, describe, expect, inject, test, vi } from "vitest"
import { createClient } from "../src/connection/create-client.ts"
import { type Database, openDatabase } from "../src/connection/database.ts"
import { CommandHungError } from "../src/errors/command-hung-error.ts"
import { openTestStore } from "./open-test-store.ts"

const server = "127.0.0.1:1"
const impatience = { serverSelectionTimeoutMs: 500, socketTimeoutMs: 500, connectTimeoutMs: 500, waitQueueTimeoutMs: 500 }

describe("a client of the driver that hangs", () => {
  const clients: MongoClient[] = []
  let database: Database
  let isDown = false
  beforeEach(async () => {
    clients.length = 0
    isDown = false
    const makeClient = () => {
      const client = createClient({ url: isDown ? "mongodb://127.0.0.1:1" : inject("mongodbUrl"), ...impatience })
      clients.push(client)
      return client
    }
    database = await openDatabase({ makeClient, name: "sluice-test-hung", commandTimeoutMs: 1_000, heartbeatSlackMs: 50 })
  })
  afterEach(() => database.close())

  const ping = () => database.send((db) => db.command({ ping: 1 }))
  const isReplaced = (count = 2) => vi.waitFor(() => expect(database.current().client).toBe(clients[count - 1]), { timeout: 5_000 })
  const hungHeartbeat = (client = clients.at(-1)) => client?.emit("serverHeartbeatStarted", { connectionId: server, awaited: false })

  test("in a heartbeat is replaced, closed, and missed by nobody", async () => {
    hungHeartbeat()
    await isReplaced()
    expect(await ping()).toMatchObject({ ok: 1 })
    await vi.waitFor(() => expect(clients[0]?.listenerCount("serverHeartbeatStarted")).toBe(0))
  })

  test("in a command answers it with an error, and is replaced", async () => {
    await expect(database.send(() => new Promise<never>(() => undefined))).rejects.toBeInstanceOf(CommandHungError)
    await isReplaced()
    expect(await ping()).toMatchObject({ ok: 1 })
  })

  test("is replaced once, however many notice", async () => {
    for (let times = 0; times < 5; times += 1) hungHeartbeat()
    const hang = () => database.send(() => new Promise<never>(() => undefined)).catch(() => undefined)
    await Promise.all([hang(), hang(), hang()])
    await isReplaced(clients.length)
    expect(clients.length).toBeLessThanOrEqual(3)
    expect(await ping()).toMatchObject({ ok: 1 })
  })

  test("is kept until there is another that connects", async () => {
    isDown = true
    hungHeartbeat()
    await vi.waitFor(() => expect(clients).toHaveLength(2), { timeout: 5_000 })
    expect(database.current().client).toBe(clients[0])
    isDown = false
    await vi.waitFor(() => expect(database.current().client).not.toBe(clients[0]), { timeout: 10_000 })
    expect(await ping()).toMatchObject({ ok: 1 })
  })

  test("while no other connects, does not keep the store from closing", async () => {
    isDown = true
    hungHeartbeat()
    await vi.waitFor(() => expect(clients).toHaveLength(2), { timeout: 5_000 })
    await database.close()
    await expect(ping()).rejects.toThrow()
  })

  test("is not suspected for a heartbeat that ends", async () => {
    hungHeartbeat()
    clients[0]?.emit("serverHeartbeatSucceeded", { connectionId: server, duration: 1, reply: {}, awaited: false })
    await expect(database.send(() => new Promise<never>(() => undefined))).rejects.toBeInstanceOf(CommandHungError)
    await isReplaced()
    expect(clients).toHaveLength(2)
  })
})

test("the store survives a server whose connections break all at once, again and again", async () => {
  const proxy = await createTcpProxy({ targetPort: Number(new URL(inject("mongodbUrl")).port) })
  const url = `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`
  const store = await openTestStore({ url, ...impatience, operationTimeoutMs: 6_000 })
  for (let round = 0; round < 8; round += 1) {
    const jobs = Array.from({ length: 100 }, () => sampleJob())
    const outcomes = Promise.all(jobs.map((job) => store.jobs.insert(job)))
    const reads = Promise.all(jobs.slice(0, 10).map(({ tenantId, id }) => store.jobs.find({ tenantId, id })))
    proxy.set("cut")
    setTimeout(() => proxy.set("open"), 20 * round)
    expect(new Set((await outcomes).map(({ kind }) => kind))).toEqual(new Set(["inserted"]))
    await reads
  }
  await store.close()
  await proxy.close()
})
