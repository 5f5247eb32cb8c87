import { join } from "node:path"
import { expect, test } from "vitest"
import { startRedis } from "../../src/index.ts"
import { findFreePort } from "../../src/system/free-port.ts"
import { redisCommand } from "../support/redis-command.ts"
import { useTemporaryFolder } from "../support/temporary-folder.ts"

const temporary = useTemporaryFolder()

test("Redis keeps what was written over a restart, at the port that was asked for", async () => {
  const options = { folder: join(temporary, "restart"), port: await findFreePort([]) }
  const first = await startRedis(options)
  expect(first.url).toBe(`redis://127.0.0.1:${options.port}`)
  expect(await redisCommand(first.url, "SET", "key", "value")).toBe("+OK\r\n")
  await first.stop()
  await expect(redisCommand(first.url, "PING")).rejects.toThrow("ECONNREFUSED")

  const second = await startRedis(options)
  expect(await redisCommand(second.url, "GET", "key")).toBe("$5\r\nvalue\r\n")
  await second.stop()
})

test("Redis comes back after a crash, with all but the last second", async () => {
  const folder = join(temporary, "crash")
  const first = await startRedis({ folder })
  await redisCommand(first.url, "SET", "key", "value")
  expect(await redisCommand(first.url, "WAITAOF", "1", "0", "5000").catch(() => "")).toMatch(/^[*-]/)
  await first.crash()
  const second = await startRedis({ folder })
  expect(await redisCommand(second.url, "GET", "key")).toBe("$5\r\nvalue\r\n")
  await second.stop()
})

test("Redis evicts nothing, writes an append-only file and listens on this machine only", async () => {
  const redis = await startRedis({ folder: join(temporary, "settings") })
  const setting = async (name: string) => (await redisCommand(redis.url, "CONFIG", "GET", name)).split("\r\n")[4]
  expect(await setting("maxmemory-policy")).toBe("noeviction")
  expect(await setting("appendonly")).toBe("yes")
  expect(await setting("appendfsync")).toBe("everysec")
  expect(await setting("bind")).toBe("127.0.0.1")
  await redis.stop()
})
