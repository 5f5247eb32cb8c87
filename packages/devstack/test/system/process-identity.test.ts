import { spawn } from "node:child_process"
import { once } from "node:events"
import { expect, test } from "vitest"
import { identifyProcess, isRunning } from "../../src/system/process-identity.ts"

test("a process is itself until it ends", async () => {
  const child = spawn("sleep", ["60"])
  await once(child, "spawn")
  const identity = identifyProcess(child.pid ?? -1)
  if (!identity) throw new Error("the process is not found")
  expect(isRunning(identity)).toBe(true)
  expect(identifyProcess(identity.pid)).toEqual(identity)
  child.kill()
  await once(child, "exit")
  expect(isRunning(identity)).toBe(false)
})

test("another process with the same number is not it", () => {
  const self = identifyProcess(process.pid)
  expect(self).toBeDefined()
  expect(isRunning({ pid: process.pid, startedAt: "at another time" })).toBe(false)
})

test("there is no process with an impossible number", () => {
  expect(identifyProcess(2 ** 30)).toBeUndefined()
})
