import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { describe, expect, inject, test } from "vitest"
import { type Services, startServices } from "../../src/index.ts"
import { mongodbProblem } from "../../src/mongodb/mongodb-ping.ts"
import { redisProblem } from "../../src/redis/redis-ping.ts"
import { findFreePort } from "../../src/system/free-port.ts"
import { documentdbImage, useTemporaryFolder } from "../support/temporary-folder.ts"

const dataFolder = useTemporaryFolder()

function start(
  environment: { REDIS_URL?: string; MONGODB_URL?: string } = {},
  report: (line: string) => void = () => undefined,
): Promise<Services> {
  return startServices({ dataFolder, documentdbImage, environment, mayInstall: () => false, report })
}

async function expectUp({ redisUrl, mongodbUrl }: Services): Promise<void> {
  expect([await redisProblem(redisUrl), await mongodbProblem(mongodbUrl)]).toEqual([undefined, undefined])
}

async function expectDown({ redisUrl, mongodbUrl }: Services): Promise<void> {
  expect(await redisProblem(redisUrl)).toContain("ECONNREFUSED")
  expect(await mongodbProblem(mongodbUrl)).toContain("ECONNREFUSED")
}

/** Another command of the same checkout, which keeps its services until it is killed. */
async function otherCommand(): Promise<{ child: ChildProcess; services: Pick<Services, "redisUrl" | "mongodbUrl"> }> {
  const index = JSON.stringify(fileURLToPath(new URL("../../src/index.ts", import.meta.url)))
  const options = JSON.stringify({ dataFolder, documentdbImage, environment: {} })
  const script = `const { startServices } = await import(${index}); const services = await startServices({ ...${options}, mayInstall: () => false, report: () => undefined }); console.log(JSON.stringify(services)); setInterval(() => {}, 60_000)`
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: ["ignore", "pipe", "inherit"] })
  const [line] = await once(createInterface({ input: child.stdout }), "line")
  return { child, services: JSON.parse(line) }
}

describe("startServices", () => {
  test("starts both, says how, and stops both", async () => {
    const lines: string[] = []
    const services = await start({}, (line) => lines.push(line))
    await expectUp(services)
    expect(lines).toContainEqual(expect.stringMatching(/^Redis: .*redis:\/\/127\.0\.0\.1:/))
    expect(lines).toContainEqual(expect.stringMatching(/^MongoDB: .*mongodb:\/\/127\.0\.0\.1:/))
    await services.stop()
    await services.stop()
    await expectDown(services)
  })

  test("uses what the environment names, and leaves it alone", async () => {
    const environment = { REDIS_URL: inject("redisUrl"), MONGODB_URL: inject("mongodbUrl") }
    const services = await start(environment)
    expect(services).toMatchObject({ redisUrl: environment.REDIS_URL, mongodbUrl: environment.MONGODB_URL })
    await services.stop()
    await expectUp(services)
  })

  test("refuses a named server that does not answer, and stops what it had started beside it", async () => {
    const dead = `redis://127.0.0.1:${await findFreePort([])}`
    await expect(start({ REDIS_URL: dead })).rejects.toThrow(`REDIS_URL is set to ${dead}, but that does not answer`)
    const services = await start({ REDIS_URL: inject("redisUrl") })
    await services.stop()
    expect(await mongodbProblem(services.mongodbUrl)).toContain("ECONNREFUSED")
  })

  test("of two commands at once start one pair, which stays up until both are done", async () => {
    const [here, other] = await Promise.all([start(), otherCommand()])
    expect(other.services).toEqual({ redisUrl: here.redisUrl, mongodbUrl: here.mongodbUrl })
    await here.stop()
    await expectUp(here)
    other.child.kill("SIGKILL")
    await once(other.child, "exit")
    const heir = await start()
    expect(heir.redisUrl).toBe(here.redisUrl)
    await heir.stop()
    await expectDown(heir)
  })

  test("takes over what a killed command left", async () => {
    const { child, services } = await otherCommand()
    child.kill("SIGKILL")
    await once(child, "exit")
    const lines: string[] = []
    const heir = await start({}, (line) => lines.push(line))
    expect(heir).toMatchObject(services)
    expect(lines).toContainEqual(expect.stringContaining("whoever started it is gone"))
    await heir.stop()
    await expectDown(heir)
  })

  test("ends what it has begun when it is aborted", async () => {
    const controller = new AbortController()
    const starting = startServices({
      dataFolder,
      documentdbImage,
      environment: {},
      mayInstall: () => false,
      report: () => controller.abort(new Error("enough")),
      signal: controller.signal,
    })
    await expect(starting).rejects.toThrow()
    const services = await start()
    await expectUp(services)
    await services.stop()
    await expectDown(services)
  })
})
