import { execFile } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { afterEach, expect, inject, test, vi } from "vitest"
import { mapConcurrently } from "../lib/map-concurrently.ts"
import { createInstallation, type Installation } from "./installation.ts"

const program = fileURLToPath(new URL("../backup/main.ts", import.meta.url))
const installations: Installation[] = []
const folder = mkdtempSync(join(tmpdir(), "sluice-backup-"))
afterEach(async () => {
  await Promise.all(installations.map((installation) => installation.close()))
  rmSync(folder, { recursive: true })
})

async function install(): Promise<Installation> {
  const installation = await createInstallation({ redisUrl: inject("redisUrl"), mongodbUrl: inject("mongodbUrl") })
  installations.push(installation)
  return installation
}

const run = async ({ mongodbUrl }: Installation, command: "backup" | "restore", ...flags: string[]) =>
  promisify(execFile)(process.execPath, [program, command, join(folder, "backup"), ...flags], {
    env: { ...process.env, MONGODB_URL: mongodbUrl },
  })

const prompts = (what: string, count: number) => Array.from({ length: count }, (_, index) => `${what} ${index + 1}`)

test("an installation that is restored elsewhere, with an empty Redis, has every result, and ends what had not ended", async () => {
  const old = await install()
  const [, worker] = await Promise.all([old.startApi(), old.startWorker({ WORKER_CONCURRENCY: "10" })])
  const finished = await mapConcurrently(prompts("Finished", 20), 20, (prompt) => old.submit(prompt))
  const results = await mapConcurrently(finished, 20, ({ id }) => old.ended(id))
  old.simulator.configure({ latency: { baseMs: 60_000, jitterMs: 0 } })
  const open = await mapConcurrently(prompts("Open", 30), 20, (prompt) => old.submit(prompt))
  await vi.waitFor(() => expect(old.simulator.counters().open).toBe(10), { timeout: 20_000 })
  const { stdout } = await run(old, "backup")
  expect(stdout).toMatch(/^jobs: 50$/m)
  expect(stdout).toMatch(/documents in \d+ collections are in/)
  process.kill(worker.pid, "SIGKILL")

  const restored = await install()
  await run(restored, "restore")
  await expect(run(restored, "restore")).rejects.toThrow(/is not empty: it has documents in .*jobs.* add --yes/)
  await Promise.all([restored.startApi(), restored.startWorker()])
  expect(await mapConcurrently(finished, 20, ({ id }) => restored.job(id, "?expand=attempts"))).toEqual(results)
  // The old configuration is not part of the backup: here the route has a provider of its own, which answers at once.
  const ends = await mapConcurrently(open, 30, ({ id }) => restored.ended(id))
  expect(ends.filter(({ status }) => status !== "succeeded")).toEqual([])
  await run(restored, "restore", "--yes")
}, 240_000)
