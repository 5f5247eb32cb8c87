import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest"
import { freePort, withDatabase } from "../../packages/devstack/src/index.ts"
import { type Block, type Step, stepsOf } from "./tutorial/steps-of.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const steps = stepsOf(readFileSync(join(root, "docs/tutorial.md"), "utf8"))
/** It writes the usual address of the simulated provider, and tells it. */
const initialise = "sluice init --provider simulator"

let home: string
let shell: ReturnType<typeof openShell>

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "sluice-tutorial-"))
  const name = `tutorial${process.pid}${Date.now().toString(36)}`
  const [api, simulator, receiver] = await Promise.all([freePort(), freePort(), freePort()])
  // The document has the usual addresses. Here others may use them, now or before it comes to them, and the services are those of the tests.
  shell = openShell(
    home,
    [
      ["~/sluice-tutorial", join(home, "sluice-tutorial")],
      ["redis://127.0.0.1:6379", inject("redisUrl")],
      ["mongodb://127.0.0.1:27017/sluice", withDatabase(inject("mongodbUrl"), name)],
      ["127.0.0.1:3000", `127.0.0.1:${api}`],
      [/(?<=127\.0\.0\.1:|--port )9101/g, String(simulator)],
      ["127.0.0.1:4400", `127.0.0.1:${receiver}`],
      [initialise, `${initialise} 2>&1 | sed 's/9101/${simulator}/'; sed -i 's/9101/${simulator}/' sluice.yaml`],
      ["sluice listen", `sluice listen --port ${receiver}`],
    ],
    { SLUICE_NAMESPACE: name, PORT: String(api), METRICS_PORT: "0", SLUICE_URL: `http://127.0.0.1:${api}` },
  )
  // What the first command ever brings, it tells of, which is no part of the answers.
  await shell.answerOf("npm run -s sluice -- --version")
}, 120_000)

afterAll(async () => {
  await shell?.close()
  rmSync(home, { recursive: true, force: true })
})

describe("docs/tutorial.md", () => {
  test("has its parts", () => expect(steps.length).toBeGreaterThan(15))

  test.each(steps.map((step) => [step.command.text.split("\n").at(-1) ?? "", step] as const))(
    "%s",
    async (_name, step) => {
      await shell.follow(step)
    },
    120_000,
  )
})

type Substitution = readonly [string | RegExp, string]

/** One shell that lives as long as the tutorial, as a reader's does; what stays in terminals of its own runs beside it. */
function openShell(folder: string, substitutions: readonly Substitution[], environment: Readonly<Record<string, string>>) {
  const adapt = (text: string) => substitutions.reduce((adapted, [usual, here]) => adapted.replaceAll(usual, here), text)
  const child = spawn("bash", ["--norc"], {
    cwd: root,
    env: { ...process.env, NO_COLOR: "1", REDIS_URL: inject("redisUrl"), MONGODB_URL: inject("mongodbUrl"), ...environment },
    stdio: ["pipe", "pipe", "inherit"],
    // A group of its own, so that all terminals end with it.
    detached: true,
  })
  let heard = ""
  child.stdout.setEncoding("utf8").on("data", (text: string) => (heard += text))
  let terminals = 0
  const logOf = (terminal: number) => join(folder, `terminal-${terminal}.log`)

  async function answerOf(command: string): Promise<string> {
    const marker = `--- ${Math.random()} ---`
    const from = heard.length
    child.stdin.write(`{ ${command}\n} 2>&1 </dev/null\necho "${marker}"\n`)
    await until(
      () => heard.includes(marker, from),
      () => `${command}\nis still at work after:\n${heard.slice(from)}`,
    )
    return heard.slice(from, heard.indexOf(marker, from))
  }

  async function shownIn(terminal: number, expected: Block): Promise<void> {
    const pattern = new RegExp(expected.pattern(adapt), "m")
    const shown = () => readFileSync(logOf(terminal), "utf8")
    await until(
      () => pattern.test(shown()),
      () => `Expected in the terminal:\n${expected.text}\nIt shows:\n${shown()}`,
    )
  }

  return {
    answerOf,
    async follow({ command, isTerminal, answer, inTerminal }: Step): Promise<void> {
      if (isTerminal) {
        terminals += 1
        await answerOf(`( ${adapt(command.text)}\n ) > "${logOf(terminals)}" 2>&1 &`)
        if (answer) await shownIn(terminals, answer)
      } else {
        const heardNow = await answerOf(adapt(command.text))
        if (answer) expect(heardNow.trimEnd()).toMatch(new RegExp(`^${answer.pattern(adapt)}$`))
      }
      if (inTerminal) await shownIn(terminals, inTerminal)
    },
    close: () => endGroup(child),
  }
}

async function until(isSo: () => boolean, complaint: () => string): Promise<void> {
  const giveUpAt = Date.now() + 60_000
  while (!isSo()) {
    if (Date.now() > giveUpAt) throw new Error(complaint())
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Asks all processes of the group to end, and sees to it that they do. */
async function endGroup({ pid }: ChildProcess): Promise<void> {
  if (pid === undefined) return
  const signal = (name: NodeJS.Signals | 0) => {
    try {
      process.kill(-pid, name)
      return true
    } catch {
      return false
    }
  }
  signal("SIGTERM")
  const giveUpAt = Date.now() + 20_000
  while (signal(0) && Date.now() < giveUpAt) await new Promise((resolve) => setTimeout(resolve, 100))
  signal("SIGKILL")
}
