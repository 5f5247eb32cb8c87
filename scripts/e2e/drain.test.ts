import { afterEach, describe, expect, inject, test, vi } from "vitest"
import { mapConcurrently } from "../lib/map-concurrently.ts"
import { createInstallation, type Installation } from "./installation.ts"

let installation: Installation | undefined
afterEach(async () => {
  await installation?.close()
  installation = undefined
})

const count = 100
const quick = 40
const prompts = Array.from({ length: count }, (_, index) => `Ticket ${index + 1}`)

/** One worker has a hundred jobs in hand, some of which will be answered soon, and another worker stands by. */
async function busyWorker(environment: Readonly<Record<string, string>>) {
  installation = await createInstallation({ redisUrl: inject("redisUrl"), mongodbUrl: inject("mongodbUrl") })
  const { simulator, startApi, startWorker, submit } = installation
  simulator.configure({
    script: [
      { outcome: "slow", slowMs: 2_000, times: quick },
      { outcome: "slow", slowMs: 60_000, times: count - quick },
    ],
  })
  const [, worker] = await Promise.all([startApi(), startWorker(environment)])
  const jobs = await mapConcurrently(prompts, 20, (prompt) => submit(prompt))
  await vi.waitFor(() => expect(simulator.counters().received).toBe(count), { timeout: 20_000 })
  await startWorker()
  return { ...installation, worker, jobs }
}

describe("a worker with a hundred running jobs", () => {
  test("SIGTERM: finishes what it can, hands the rest to another worker uncounted, and exits with 0 within its grace", async () => {
    const graceMs = 9_000
    const { simulator, worker, jobs, ended } = await busyWorker({ SHUTDOWN_GRACE_MS: String(graceMs) })
    const toldAt = performance.now()
    const stopping = worker.stop()
    expect(await worker.ended).toEqual({ code: 0, signal: null })
    expect(performance.now() - toldAt).toBeLessThan(graceMs)
    await stopping
    const results = await mapConcurrently(jobs, 20, ({ id }) => ended(id))
    expect(results.every(({ status, attemptCount }) => status === "succeeded" && attemptCount === 1)).toBe(true)
    expect(simulator.counters().received).toBe(count + (count - quick))
  })

  test("SIGKILL: another worker takes its jobs over, and repeats its calls under their idempotency keys", async () => {
    const { simulator, worker, jobs, ended } = await busyWorker({})
    process.kill(worker.pid, "SIGKILL")
    await worker.ended
    const results = await mapConcurrently(jobs, 20, ({ id }) => ended(id))
    expect(results.every(({ status, attemptCount }) => status === "succeeded" && attemptCount === 1)).toBe(true)
    const keys = simulator.requests().map(({ headers }) => headers["idempotency-key"])
    expect(new Set(keys)).toEqual(new Set(jobs.map(({ id }) => `${id}-1-1`)))
    expect(keys.length).toBeGreaterThan(count)
  }, 120_000)
})
