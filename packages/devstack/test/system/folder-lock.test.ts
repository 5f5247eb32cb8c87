import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterEach, beforeEach, expect, test } from "vitest"
import { withFolderLock } from "../../src/system/folder-lock.ts"
import { pollUntil } from "../../src/system/poll-until.ts"

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-lock-"))
  path = join(folder, "it.lock")
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const title = "the test"

/** A process that takes the lock, says so and keeps it. */
async function holder(): Promise<{ kill: () => Promise<void>; pid: number }> {
  const module = JSON.stringify(fileURLToPath(new URL("../../src/system/folder-lock.ts", import.meta.url)))
  const script = `const { withFolderLock } = await import(${module}); await withFolderLock({ path: ${JSON.stringify(path)}, title: "x" }, async () => { console.log("mine"); await new Promise((resolve) => setTimeout(resolve, 60_000)) })`
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: ["ignore", "pipe", "inherit"] })
  await once(child.stdout, "data")
  const kill = async () => {
    child.kill("SIGKILL")
    await once(child, "exit")
  }
  return { kill, pid: child.pid ?? -1 }
}

test("one at a time, and each gets its turn", async () => {
  let inside = 0
  let largest = 0
  const work = async () => {
    largest = Math.max(largest, ++inside)
    await new Promise(setImmediate)
    inside--
  }
  await Promise.all(Array.from({ length: 5 }, () => withFolderLock({ path, title }, work)))
  expect(largest).toBe(1)
  expect(readdirSync(folder)).toEqual([])
})

test("is released when the work fails", async () => {
  await expect(withFolderLock({ path, title }, () => Promise.reject(new Error("work failed")))).rejects.toThrow("work failed")
  expect(await withFolderLock({ path, title }, () => Promise.resolve("mine"))).toBe("mine")
})

test("waits for another process, says for which, and gives up when told to", async () => {
  const other = await holder()
  const controller = new AbortController()
  const pids: number[] = []
  const waiting = withFolderLock({ path, title, onWait: (pid) => pids.push(pid), signal: controller.signal }, () => Promise.resolve())
  await pollUntil(() => pids.length > 0, { timeoutMs: 5_000 })
  controller.abort(new Error("enough"))
  await expect(waiting).rejects.toThrow()
  expect(pids).toEqual([other.pid])
  expect(existsSync(path)).toBe(true)
  await other.kill()
})

test("the lock of a process that was killed is broken, by one of those that wait", async () => {
  const other = await holder()
  let inside = 0
  const waiting = [1, 2, 3].map(() =>
    withFolderLock({ path, title }, async () => {
      expect(++inside).toBe(1)
      await new Promise(setImmediate)
      inside--
    }),
  )
  await other.kill()
  await Promise.all(waiting)
})

test("the lock of a number that another program has now is broken", async () => {
  mkdirSync(path)
  writeFileSync(join(path, "owner.json"), JSON.stringify({ pid: process.pid, startedAt: "long ago" }))
  expect(await withFolderLock({ path, title }, () => Promise.resolve("mine"))).toBe("mine")
})
