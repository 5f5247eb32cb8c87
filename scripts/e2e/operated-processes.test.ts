import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, describe, expect, inject, test, vi } from "vitest"
import type { LogLevelResource, ProcessResource, ProfileResource } from "../../packages/core/src/index.ts"
import { createInstallation, type Installation } from "./installation.ts"

let installation: Installation | undefined
let profiles: string
afterEach(async () => {
  await installation?.close()
  installation = undefined
  rmSync(profiles, { recursive: true, force: true })
})

async function install() {
  profiles = mkdtempSync(join(tmpdir(), "sluice-e2e-profiles-"))
  const created = await createInstallation({
    redisUrl: inject("redisUrl"),
    mongodbUrl: inject("mongodbUrl"),
    environment: { SLUICE_PROFILE_DIR: profiles },
    simulator: { latency: { baseMs: 0, jitterMs: 0 } },
  })
  installation = created
  const [, worker] = await Promise.all([created.startApi(), created.startWorker()])
  return { current: created, worker }
}

async function ask<T>({ request }: Installation, method: string, path: string, body?: object): Promise<T> {
  const headers = { "content-type": "application/json" }
  const response = await request(path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
  return JSON.parse(await response.text())
}

const processesOf = async (current: Installation) => (await ask<{ data: ProcessResource[] }>(current, "GET", "/v1/processes")).data
const levelsOf = async (current: Installation) => (await processesOf(current)).map(({ kind, logLevel }) => `${kind} ${logLevel}`).toSorted()
const untilLevels = (current: Installation, ...levels: readonly string[]) =>
  vi.waitFor(async () => expect(await levelsOf(current)).toEqual(levels), { timeout: 30_000, interval: 100 })

describe("processes that run, in production's processes", () => {
  test("what they log is changed by a call for all of them, for a while, and by a signal for one", { timeout: 180_000 }, async () => {
    const { current, worker } = await install()
    await untilLevels(current, "api info", "worker info")
    const quiet = await current.submit("before")
    await current.ended(quiet.id)
    expect(current.logs()).not.toContain('"msg":"job started"')

    const set = await ask<LogLevelResource>(current, "PUT", "/v1/log-level", { level: "debug", forMs: 8_000 })
    const until = Date.parse(set.override?.until ?? "")
    // Each reports after it has heeded the order, so what is listed is true of all.
    await untilLevels(current, "api debug", "worker debug")
    expect(Date.now()).toBeLessThan(until)
    const loud = await current.submit("meanwhile")
    await current.ended(loud.id)
    expect(current.logs()).toContain('"msg":"job started"')
    await untilLevels(current, "api info", "worker info")
    expect(Date.now()).toBeGreaterThanOrEqual(until)

    process.kill(worker.pid, "SIGUSR2")
    await untilLevels(current, "api info", "worker debug")
    process.kill(worker.pid, "SIGUSR2")
    await untilLevels(current, "api info", "worker info")
    await ask(current, "PUT", "/v1/log-level", { level: "warn", of: "api" })
    await untilLevels(current, "api warn", "worker info")
    await ask(current, "DELETE", "/v1/log-level")
    await untilLevels(current, "api info", "worker info")
  })

  test("a CPU profile of each and a heap snapshot are written for the developer tools, for their owner alone", {
    timeout: 240_000,
  }, async () => {
    const { current } = await install()
    await untilLevels(current, "api info", "worker info")
    const [api, worker] = (await processesOf(current)).toSorted((a, b) => a.kind.localeCompare(b.kind)).map(({ id }) => id)
    const profile = (id: string | undefined, body: object) => ask<ProfileResource>(current, "POST", `/v1/processes/${id}/profiles`, body)
    const written = [
      await profile(api, { kind: "cpu", durationMs: 300 }),
      await profile(worker, { kind: "cpu", durationMs: 300 }),
      await profile(worker, { kind: "heap" }),
    ]
    for (const { file, bytes } of written) {
      expect(statSync(file).size).toBe(bytes)
      expect(statSync(file).mode & 0o777).toBe(0o600)
    }
    const [cpu, , heap] = written
    expect(JSON.parse(readFileSync(cpu?.file ?? "", "utf8")).nodes.length).toBeGreaterThan(1)
    expect(readFileSync(heap?.file ?? "", "utf8").slice(0, 20)).toContain('"snapshot"')
    expect((await current.ended((await current.submit("afterwards")).id)).status).toBe("succeeded")
  })
})
