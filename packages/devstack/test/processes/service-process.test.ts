import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { choosePort, portTaken } from "../../src/processes/choose-port.ts"
import {
  ensureServiceProcess,
  joinServiceProcess,
  type LaunchPlan,
  type ServiceIdentity,
  type ServiceProcess,
} from "../../src/processes/service-process.ts"
import { writeRecord } from "../../src/processes/service-record.ts"
import { ServiceStartError } from "../../src/processes/service-start-error.ts"
import { findFreePort } from "../../src/system/free-port.ts"
import { pollUntil } from "../../src/system/poll-until.ts"
import { identifyProcess, isRunning } from "../../src/system/process-identity.ts"

let folder: string
let service: ServiceIdentity
let recordFile: string
let started: ServiceProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-process-"))
  recordFile = join(folder, "echo.pid.json")
  service = { title: "Echo", name: "echo", folder, stopSignal: "SIGTERM", answers }
})
afterEach(async () => {
  for (const process of started) await process.stop()
  started = []
  rmSync(folder, { recursive: true, force: true })
})

/** A server that listens, and ends when told to. */
async function plan(port?: number): Promise<LaunchPlan> {
  const chosen = port ?? (await findFreePort([]))
  const script = `require("node:net").createServer((socket) => socket.end()).listen(${chosen}, "127.0.0.1")`
  return { command: process.execPath, args: ["--eval", script], url: `echo://127.0.0.1:${chosen}` }
}

async function answers(url: string): Promise<boolean> {
  const socket = connect(Number(URL.parse(url)?.port), "127.0.0.1")
  try {
    await once(socket, "connect")
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

async function ensure(makePlan = () => plan()): Promise<ServiceProcess> {
  const result = await ensureServiceProcess(service, makePlan)
  started.push(result)
  return result
}

const isAlive = ({ pid }: ServiceProcess) => identifyProcess(pid) !== undefined

describe("a service process", () => {
  test("answers once it is started, is gone once it is stopped, and can be stopped twice", async () => {
    const echo = await ensure()
    expect(await answers(echo.url)).toBe(true)
    await echo.stop()
    expect(isAlive(echo)).toBe(false)
    expect(existsSync(recordFile)).toBe(false)
    await echo.stop()
  })

  test("is shared, and stays up until the last of its users leaves", async () => {
    const first = await ensure()
    const second = await ensure()
    expect(second).toMatchObject({ pid: first.pid, url: first.url, isShared: true })
    await expect(first.crash()).rejects.toThrow(/used by process/)
    await first.stop()
    expect(isAlive(second)).toBe(true)
    await second.stop()
    expect(isAlive(second)).toBe(false)
  })

  test("is started once by many that come at the same time", async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => ensure()))
    expect(new Set(all.map(({ pid }) => pid)).size).toBe(1)
  })

  test("whose starter was killed belongs to the next who comes", async () => {
    const echo = await ensure()
    const record = JSON.parse(readFileSync(recordFile, "utf8"))
    writeRecord(recordFile, { ...record, users: [{ pid: process.pid, startedAt: "in another life", ticket: "x" }] })
    const heir = await joinServiceProcess(service)
    expect(heir).toMatchObject({ pid: echo.pid, isShared: false })
    await heir?.stop()
    expect(isAlive(echo)).toBe(false)
  })

  test("that crashed is started anew, at the same port", async () => {
    const echo = await ensure(async () => plan(await choosePort(service, {})))
    process.kill(echo.pid, "SIGKILL")
    await pollUntil(() => !isAlive(echo), { timeoutMs: 5_000 })
    const again = await ensure(async () => plan(await choosePort(service, {})))
    expect(again.pid).not.toBe(echo.pid)
    expect(again.url).toBe(echo.url)
    await echo.stop()
    expect(isAlive(again)).toBe(true)
  })

  test("is not mistaken for another program that has its number now", async () => {
    const sleeper = spawn("sleep", ["60"])
    await once(sleeper, "spawn")
    const user = { ...(identifyProcess(process.pid) ?? expect.unreachable()), ticket: "x" }
    writeRecord(recordFile, { process: { pid: sleeper.pid ?? -1, startedAt: "long ago" }, url: "echo://127.0.0.1:1", users: [user] })
    const echo = await ensure()
    expect(echo.pid).not.toBe(sleeper.pid)
    await echo.stop()
    expect(sleeper.exitCode).toBeNull()
    sleeper.kill()
  })

  test("that does not answer is replaced when nobody uses it, and reported when somebody does", async () => {
    const deaf = spawn("sleep", ["60"])
    await once(deaf, "spawn")
    const identity = identifyProcess(deaf.pid ?? -1) ?? expect.unreachable()
    const self = { ...(identifyProcess(process.pid) ?? expect.unreachable()), ticket: "x" }
    const url = `echo://127.0.0.1:${await findFreePort([])}`
    writeRecord(recordFile, { process: identity, url, users: [self] })
    service.answerTimeoutMs = 50
    await expect(ensure()).rejects.toThrow(/does not answer.*Stop process/)
    writeRecord(recordFile, { process: identity, url, users: [] })
    const echo = await ensure()
    expect(isRunning(identity)).toBe(false)
    expect(await answers(echo.url)).toBe(true)
  })

  test("that ends while it starts is reported with its last words", async () => {
    const failing = () =>
      Promise.resolve({
        command: process.execPath,
        args: ["--eval", 'console.error("no disk"); process.exit(1)'],
        url: "echo://127.0.0.1:1",
      })
    const error = await ensure(failing).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ServiceStartError)
    expect(String(error)).toMatch(/Echo.*no disk/s)
  })

  test("whose program is missing is reported", async () => {
    await expect(ensure(() => Promise.resolve({ command: "no-such-server", args: [], url: "echo://127.0.0.1:1" }))).rejects.toThrow(
      /no-such-server/,
    )
  })

  test("that found its port taken is tried again with another plan", async () => {
    const holder = await ensure()
    const taken = Number(URL.parse(holder.url)?.port)
    const other = { ...service, name: "other" }
    const ports = [taken, await findFreePort([])]
    // The first answer would come from the holder of the port: the server itself is what must be up.
    const deafAtFirst = { ...other, answers: async (url: string) => !url.endsWith(`:${taken}`) && answers(url) }
    const result = await ensureServiceProcess(deafAtFirst, async () => ({ ...(await plan(ports.shift())), retryOn: portTaken }))
    started.push(result)
    expect(result.url).not.toBe(holder.url)
  })

  test("is ended when its start is aborted", async () => {
    const controller = new AbortController()
    const deaf = { ...service, answers: () => Promise.resolve(false) }
    const starting = ensureServiceProcess(deaf, () => plan(), controller.signal)
    while (!existsSync(recordFile)) await new Promise(setImmediate)
    const { process: child } = JSON.parse(readFileSync(recordFile, "utf8"))
    controller.abort(new Error("enough"))
    await expect(starting).rejects.toThrow()
    expect(isRunning(child)).toBe(false)
  })
})

test("a port that was asked for and is taken is an error that says so", async () => {
  const echo = await ensure()
  const port = Number(URL.parse(echo.url)?.port)
  await expect(choosePort({ ...service, name: "other" }, { port })).rejects.toThrow(`port ${port}`)
  expect(await choosePort({ ...service, name: "other" }, { preferredPort: port })).not.toBe(port)
})
