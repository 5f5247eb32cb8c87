import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterEach, beforeEach, expect, test, vi } from "vitest"

const script = fileURLToPath(new URL("fixtures/service.ts", import.meta.url))

let folder = ""
let path = ""
let child: ChildProcess | null = null
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-service-"))
  path = join(folder, "sluice.yaml")
  await writeFile(path, "endpoints: {}\nroutes: {}\n")
})
afterEach(async () => {
  if (child !== null && child.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL")
    await once(child, "exit")
  }
  await rm(folder, { recursive: true })
})

interface Line {
  readonly msg: string
  readonly [field: string]: unknown
}

async function start(mode = "") {
  const started = spawn(process.execPath, [script, path, mode], { stdio: ["ignore", "pipe", "inherit"] })
  child = started
  const closed: Promise<[number | null, NodeJS.Signals | null]> = once(started, "close") as never
  let text = ""
  started.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk
  })
  const lines = (): Line[] =>
    text
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  const messages = () => lines().map(({ msg }) => msg)
  const until = (message: string) => vi.waitFor(() => expect(messages()).toContain(message), { timeout: 10_000 })
  await until("ready")
  return { kill: (signal: NodeJS.Signals) => started.kill(signal), closed, lines, messages, until }
}

test("one Ctrl-C that arrives three times releases everything once and exits with 0", async () => {
  const { kill, closed, messages, until } = await start()
  kill("SIGINT")
  await until("stopping")
  kill("SIGINT")
  kill("SIGINT")
  expect(await closed).toEqual([0, null])
  expect(messages()).toEqual(["ready", "stopping", "released second", "released first", "stopped"])
})

test("what was logged is written, in its order, also by a process that is killed right after", async () => {
  const { closed, messages } = await start("die")
  expect(await closed).toEqual([null, "SIGKILL"])
  expect(messages()).toEqual(["ready", ...Array.from({ length: 200 }, (_, index) => `line ${index + 1}`)])
})

test("SIGTERM with work that hangs ends with 1 once the grace is over, and the last line is not lost", async () => {
  const { kill, closed, messages } = await start("hang")
  kill("SIGTERM")
  expect(await closed).toEqual([1, null])
  expect(messages()).toEqual(["ready", "stopping", "stopped with work left", "stopped"])
})

test.each([
  ["reject", "unhandledRejection", { message: "nobody cares", cause: { message: "deep down" } }],
  ["throw", "uncaughtException", { type: "SyntaxError" }],
])("an error that nobody caught (%s) is logged, and the process still releases", async (mode, event, err) => {
  const { closed, lines, messages } = await start(mode)
  expect(await closed).toEqual([1, null])
  expect(lines().find(({ level }) => level === "fatal")).toMatchObject({ msg: event, err })
  expect(messages()).toEqual(expect.arrayContaining(["released second", "released first", "stopped"]))
})

test("SIGHUP reloads a good file, reports a bad one, and ends nothing", async () => {
  const { kill, closed, lines, messages, until } = await start()
  await writeFile(path, "endpoints: {}\nroutes: {}\ntenants: { acme: {} }\n")
  kill("SIGHUP")
  await until("reloaded")
  expect(lines()).toContainEqual(expect.objectContaining({ msg: "reloaded", tenants: ["acme"] }))
  await writeFile(path, "endpoints: {}\nroute: {}\n")
  kill("SIGHUP")
  await until("configuration not reloaded")
  expect(lines().at(-1)).toMatchObject({
    err: { type: "ConfigurationError", message: expect.stringContaining(`${path}:2:1 route: Unknown key`) },
  })
  kill("SIGTERM")
  expect(await closed).toEqual([0, null])
  expect(messages().filter((message) => message === "reloaded")).toHaveLength(1)
})
