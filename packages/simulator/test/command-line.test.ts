import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { afterEach, describe, expect, test } from "vitest"
import { eventually } from "./support/clients.ts"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))
const running: ChildProcess[] = []

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL")
})

interface Run {
  child: ChildProcess
  output: { stdout: string; stderr: string }
  exit: Promise<unknown[]>
}

function run(...argv: string[]): Run {
  const child = spawn(process.execPath, [main, ...argv], { stdio: ["ignore", "pipe", "pipe"] })
  running.push(child)
  const output = { stdout: "", stderr: "" }
  child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()))
  child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()))
  return { child, output, exit: once(child, "close") }
}

/** Repeats a signal to the very end of a process, as a terminal and npm together do. */
async function signalUntilGone(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    child.kill(signal)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function readyUrl({ output }: Run): Promise<string> {
  await eventually(() => output.stdout).toContain("\n")
  return /ready at (\S+);/.exec(output.stdout)?.[1] ?? ""
}

describe("the process", () => {
  test.each(["SIGTERM", "SIGINT"] as const)(
    "serves as its flags say until %s, even if that comes more than once, and exits 0",
    async (signal) => {
      const simulator = run("--port", "0", "--profile", "fault-mix", "--seed", "7")
      const url = await readyUrl(simulator)
      expect(simulator.output.stdout).toBe(
        `Simulated provider (profile fault-mix) ready at ${url}; control it with POST ${url}/__control\n`,
      )
      const response = await fetch(`${url}/__control`)
      expect(await response.json()).toMatchObject({ settings: { seed: 7, faults: { rates: { hang: 0.03 } } } })
      await signalUntilGone(simulator.child, signal)
      expect(await simulator.exit).toEqual([0, null])
      expect(simulator.output.stderr).toBe("")
    },
  )

  test("ends on a signal although a call hangs and connections are refused later", async () => {
    const simulator = run("--port", "0", "--fault", "hang=1")
    const url = await readyUrl(simulator)
    const hanging = fetch(`${url}/custom/echo`, { method: "POST", body: "{}" }).catch(() => "ended")
    await eventually(async () => (await fetch(`${url}/__control`)).text()).toContain('"open": 1')
    simulator.child.kill("SIGTERM")
    expect(await simulator.exit).toEqual([0, null])
    expect(await hanging).toBe("ended")
  })

  test("explains itself", async () => {
    const help = run("--help")
    expect(await help.exit).toEqual([0, null])
    expect(help.output.stdout).toContain("Usage: npm run simulator")
  })

  test("exits 2 for a mistake in its flags and names it", async () => {
    const mistake = run("--fault", "hang")
    expect(await mistake.exit).toEqual([2, null])
    expect(mistake.output.stderr).toMatch(/^--fault: "hang" is not KIND=RATE.*\n.*--help/)
    expect(mistake.output.stdout).toBe("")
  })

  test("exits 1 if it cannot have its port", async () => {
    const first = run("--port", "0")
    const { port } = new URL(await readyUrl(first))
    const second = run("--port", port)
    expect(await second.exit).toEqual([1, null])
    expect(second.output.stderr).toContain("EADDRINUSE")
  })
})
