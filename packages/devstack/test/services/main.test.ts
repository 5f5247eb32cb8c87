import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, inject, test } from "vitest"
import { redisProblem } from "../../src/redis/redis-ping.ts"
import { pollUntil } from "../../src/system/poll-until.ts"
import { useTemporaryFolder } from "../support/temporary-folder.ts"

const temporary = useTemporaryFolder()
const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url))

function services(environment: Record<string, string>) {
  const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  const args = ["-u", "REDIS_URL", "-u", "MONGODB_URL", ...assignments, process.execPath, main, "--data", join(temporary, "data")]
  const child = spawn("env", args, { stdio: ["ignore", "pipe", "pipe"] })
  const said = { out: "", err: "" }
  child.stdout.on("data", (chunk) => {
    said.out += String(chunk)
  })
  child.stderr.on("data", (chunk) => {
    said.err += String(chunk)
  })
  return { child, said, exited: once(child, "exit") }
}

test("`npm run services` prints the two addresses, stays up until a signal, however often it comes, and exits 0", async () => {
  const { child, said, exited } = services({ MONGODB_URL: inject("mongodbUrl") })
  await pollUntil(() => said.out.includes("MONGODB_URL="), { timeoutMs: 30_000 })
  const [, redisUrl = ""] = /^REDIS_URL=(.*)\nMONGODB_URL=(.*)\n$/.exec(said.out) ?? []
  expect(said.out).toBe(`REDIS_URL=${redisUrl}\nMONGODB_URL=${inject("mongodbUrl")}\n`)
  expect(said.err).toContain("MONGODB_URL")
  expect(await redisProblem(redisUrl)).toBeUndefined()
  for (const signal of ["SIGINT", "SIGINT", "SIGTERM", "SIGINT"] as const) child.kill(signal)
  expect(await exited).toEqual([0, null])
  expect(await redisProblem(redisUrl)).toContain("ECONNREFUSED")
})

test("one that cannot serve says why and exits 1", async () => {
  const { said, exited } = services({ REDIS_URL: "redis://127.0.0.1:1", MONGODB_URL: inject("mongodbUrl") })
  expect(await exited).toEqual([1, null])
  expect(said.err).toContain("REDIS_URL is set to redis://127.0.0.1:1, but that does not answer")
  expect(said.out).toBe("")
})
