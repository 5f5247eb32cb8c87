import { randomUUID } from "node:crypto"
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type Collection, MongoClient } from "mongodb"
import { afterAll, describe, expect, test } from "vitest"
import { type ServiceProcess, startDocumentdb } from "../../src/index.ts"
import { findFreePort } from "../../src/system/free-port.ts"
import { pollUntil } from "../../src/system/poll-until.ts"
import { isRunning } from "../../src/system/process-identity.ts"
import { documentdbImage, useTemporaryFolder } from "../support/temporary-folder.ts"

interface Item {
  _id: number
}

const temporary = useTemporaryFolder()
const running: ServiceProcess[] = []
afterAll(async () => {
  for (const service of running) await service.stop()
})

async function start(name: string, options: { port?: number; preferredPort?: number } = {}): Promise<ServiceProcess> {
  const service = await startDocumentdb({ folder: join(temporary, name), image: documentdbImage, ...options })
  running.push(service)
  return service
}

/** A collection that no other test uses, for as long as `work` takes. */
function newCollection(): <T>(service: ServiceProcess, work: (items: Collection<Item>) => Promise<T>) => Promise<T> {
  const name = randomUUID()
  return async ({ url }, work) => {
    const client = new MongoClient(url, { serverSelectionTimeoutMS: 5_000 })
    try {
      return await work(client.db("test").collection<Item>(name))
    } finally {
      await client.close()
    }
  }
}

/** Kills PostgreSQL while writes are acknowledged, and starts it again at once. */
async function killUnder(gateway: ServiceProcess, acknowledged: readonly number[]): Promise<void> {
  const before = acknowledged.length
  expect(await pollUntil(() => acknowledged.length > before + 20, { timeoutMs: 10_000 })).toBe(true)
  const { process: engine } = JSON.parse(readFileSync(join(temporary, "one/postgres.pid.json"), "utf8"))
  process.kill(engine.pid, "SIGKILL")
  expect((await start("one")).pid).toBe(gateway.pid)
}

describe("the stand-in", () => {
  test("keeps what was acknowledged over a restart and over a crash", async () => {
    const using = newCollection()
    const majority = { writeConcern: { w: "majority" } } as const
    const first = await start("one")
    await using(first, (items) => items.insertOne({ _id: 1 }, majority))
    await first.stop()
    const second = await start("one")
    await using(second, (items) => items.insertOne({ _id: 2 }, majority))
    await second.crash()
    const third = await start("one")
    expect(await using(third, (items) => items.distinct("_id"))).toEqual([1, 2])
    await third.stop()
  })

  test("of two folders do not see each other, also when both want one port", async () => {
    const using = newCollection()
    const preferredPort = await findFreePort([])
    const [one, two] = await Promise.all([start("one", { preferredPort }), start("two", { preferredPort })])
    expect([one.url, two.url]).toContain(`mongodb://127.0.0.1:${preferredPort}`)
    expect(one.url).not.toBe(two.url)
    await using(one, (items) => items.insertOne({ _id: 1 }))
    expect(await using(two, (items) => items.countDocuments())).toBe(0)
    await one.stop()
    await using(two, (items) => items.insertOne({ _id: 2 }))
    expect(await using(two, (items) => items.distinct("_id"))).toEqual([2])
    await two.stop()
  })

  test("gets a new gateway when the old one was killed, at the same port and with the same data", async () => {
    const using = newCollection()
    const port = await findFreePort([])
    const first = await start("one", { port })
    await using(first, (items) => items.insertOne({ _id: 1 }))
    process.kill(first.pid, "SIGKILL")
    const second = await start("one", { port })
    expect(second.pid).not.toBe(first.pid)
    expect(second.url).toBe(first.url)
    expect(await using(second, (items) => items.distinct("_id"))).toEqual([1])
    await second.stop()
    await first.stop()
    expect(existsSync(join(temporary, "one/postgres.pid.json"))).toBe(false)
  })

  test("serves its clients on when PostgreSQL was killed under them, and has all that it acknowledged", async () => {
    const first = await start("one")
    const acknowledged: number[] = []
    await newCollection()(first, async (items) => {
      let isOver = false
      const writers = Array.from({ length: 4 }, async (_, writer) => {
        for (let n = 0; !isOver; n++)
          await items.insertOne({ _id: n * 4 + writer }).then(
            ({ insertedId }) => acknowledged.push(insertedId),
            () => undefined,
          )
      })
      try {
        for (let kills = 0; kills < 3; kills++) await killUnder(first, acknowledged)
      } finally {
        isOver = true
      }
      await Promise.all(writers)
      expect(await items.distinct("_id")).toEqual(expect.arrayContaining(acknowledged))
    })
    for (const service of running) await service.stop()
  })

  test("starts although its number belongs to the server of another folder now", async () => {
    const [one, two] = [await start("one"), await start("two")]
    await one.stop()
    const pidFile = (name: string) => join(temporary, name, "cluster/data/postmaster.pid")
    copyFileSync(pidFile("two"), pidFile("one"))
    const again = await start("one")
    await newCollection()(again, (items) => items.insertOne({ _id: 1 }))
    await newCollection()(two, (items) => items.insertOne({ _id: 1 }))
    await again.stop()
    await two.stop()
  })

  test("ends a server of its own that no record names, before it starts another one on the same data", async () => {
    const using = newCollection()
    const recordFile = join(temporary, "one/postgres.pid.json")
    const first = await start("one")
    await using(first, (items) => items.insertOne({ _id: 1 }))
    const { process: orphan } = JSON.parse(readFileSync(recordFile, "utf8"))
    rmSync(recordFile)
    await first.stop()
    expect(isRunning(orphan)).toBe(true)
    const second = await start("one")
    expect(isRunning(orphan)).toBe(false)
    expect(await using(second, (items) => items.distinct("_id"))).toEqual([1])
    await second.stop()
  })

  test("reports a PostgreSQL that cannot start, with its last words", async () => {
    const broken = await start("two")
    await broken.stop()
    writeFileSync(join(temporary, "two/cluster/data/postgresql.auto.conf"), "max_connections = nonsense\n")
    await expect(start("two")).rejects.toThrow(/PostgreSQL.*ended.*max_connections/s)
  })
})
