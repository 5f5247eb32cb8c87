import { afterEach, describe, expect, inject, test, vi } from "vitest"
import { mapConcurrently } from "../lib/map-concurrently.ts"
import { createInstallation, type Installation, type InstallationOptions } from "./installation.ts"

let installation: Installation | undefined
afterEach(async () => {
  await installation?.close()
  installation = undefined
})

async function install(options: Partial<InstallationOptions> = {}): Promise<Installation> {
  installation = await createInstallation({ redisUrl: inject("redisUrl"), mongodbUrl: inject("mongodbUrl"), ...options })
  return installation
}

const prompts = (count: number) => Array.from({ length: count }, (_, index) => `Ticket ${index + 1}`)

describe("api and worker as processes", () => {
  test("2,000 jobs submitted 20 at a time all succeed, through a provider that fails now and then", async () => {
    const { startApi, startWorker, submit, ended } = await install({
      simulator: { profile: "fault-mix", seed: 3 },
      endpoint: ", timeoutMs: 1000",
    })
    await Promise.all([startApi(), startWorker()])
    const jobs = await mapConcurrently(prompts(2_000), 20, (prompt) => submit(prompt))
    const results = await mapConcurrently(jobs, 100, ({ id }) => ended(id))
    expect(results.filter(({ status }) => status !== "succeeded")).toEqual([])
    expect(new Set(results.map(({ id }) => id)).size).toBe(2_000)
    expect(results.map(({ output }) => output)).toEqual(
      prompts(2_000).map((prompt) => expect.objectContaining({ text: expect.stringContaining(prompt) })),
    )
  }, 180_000)

  test("jobs wait while no worker runs; two workers then share them, and each is executed by one", async () => {
    const { simulator, startApi, startWorker, submit, job, ended } = await install({ simulator: { latency: { baseMs: 20, jitterMs: 0 } } })
    await startApi()
    const jobs = await mapConcurrently(prompts(300), 20, (prompt) => submit(prompt))
    expect(await job(jobs[0]?.id ?? "")).toMatchObject({ status: "queued", attemptCount: 0, startedAt: null })
    expect(simulator.counters().received).toBe(0)

    const few = { WORKER_CONCURRENCY: "4" }
    await Promise.all([startWorker(few), startWorker(few)])
    const results = await mapConcurrently(jobs, 100, ({ id }) => ended(id))
    expect(results.every(({ status, attemptCount }) => status === "succeeded" && attemptCount === 1)).toBe(true)
    expect(simulator.counters().received).toBe(300)
    const most = mostAtOnce(results.flatMap(({ attempts = [] }) => attempts))
    expect(most).toBeGreaterThan(4)
    expect(most).toBeLessThanOrEqual(8)
  })

  test("SIGTERM hands running jobs back with no attempt counted, and the process exits with 0", async () => {
    const { simulator, startApi, startWorker, submit, job, ended } = await install({
      simulator: { latency: { baseMs: 30_000, jitterMs: 0 } },
    })
    const [, worker] = await Promise.all([startApi(), startWorker({ SHUTDOWN_GRACE_MS: "6000" })])
    const jobs = await mapConcurrently(prompts(20), 20, (prompt) => submit(prompt))
    await vi.waitFor(() => expect(simulator.counters().received).toBe(20), { timeout: 20_000 })
    const stopping = worker.stop()
    expect(await worker.ended).toEqual({ code: 0, signal: null })
    await stopping
    const waiting = await Promise.all(jobs.map(({ id }) => job(id)))
    expect(waiting.every(({ status, attemptCount }) => status === "queued" && attemptCount === 0)).toBe(true)

    simulator.configure({ latency: { baseMs: 0, jitterMs: 0 } })
    await startWorker()
    const results = await mapConcurrently(jobs, 20, ({ id }) => ended(id))
    expect(results.every(({ status, attemptCount }) => status === "succeeded" && attemptCount === 1)).toBe(true)
  })

  test("kill -9: another worker takes the jobs over, and none is lost", async () => {
    const { simulator, startApi, startWorker, submit, ended } = await install({ simulator: { latency: { baseMs: 30_000, jitterMs: 0 } } })
    const [, worker] = await Promise.all([startApi(), startWorker()])
    const jobs = await mapConcurrently(prompts(20), 20, (prompt) => submit(prompt))
    await vi.waitFor(() => expect(simulator.counters().received).toBe(20), { timeout: 20_000 })
    process.kill(worker.pid, "SIGKILL")
    await worker.ended
    simulator.configure({ latency: { baseMs: 0, jitterMs: 0 } })
    await startWorker()
    const results = await mapConcurrently(jobs, 20, ({ id }) => ended(id))
    expect(results.every(({ status }) => status === "succeeded")).toBe(true)
  }, 120_000)
})

/** The largest number of attempts that were under way at the same time. */
function mostAtOnce(attempts: readonly { startedAt: string; durationMs: number }[]): number {
  const moments = attempts.flatMap(({ startedAt, durationMs }) => {
    const from = Date.parse(startedAt)
    return [
      { at: from, change: 1 },
      { at: from + durationMs, change: -1 },
    ]
  })
  moments.sort((a, b) => a.at - b.at || a.change - b.change)
  let now = 0
  return Math.max(...moments.map(({ change }) => (now += change)))
}
