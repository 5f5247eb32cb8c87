import { setTimeout as sleep } from "node:timers/promises"
import { afterEach, expect, inject, test, vi } from "vitest"
import { mapConcurrently } from "../lib/map-concurrently.ts"
import { createInstallation, type Installation } from "./installation.ts"
import { type Receiver, startReceiver } from "./receiver.ts"

let installation: Installation | undefined
let receiver: Receiver | undefined
afterEach(async () => {
  await installation?.close()
  await receiver?.close()
})

/** More than twice what its locks last, and than its claims are respected for. */
const frozenMs = 70_000
const count = 10

test("a worker that was frozen for 70 s with calls under way changes nothing when it goes on, whether they succeeded or failed", async () => {
  receiver = await startReceiver()
  const webhook = { url: receiver.url }
  installation = await createInstallation({
    ...{ redisUrl: inject("redisUrl"), mongodbUrl: inject("mongodbUrl"), endpoint: ", timeoutMs: 60000" },
    environment: { SLUICE_WEBHOOK_ALLOW_PRIVATE: "1" },
  })
  const { simulator, startApi, startWorker, submit, ended, job } = installation
  // Half of the first worker's calls are answered while it is frozen, the others will have timed out.
  simulator.configure({
    script: [
      { outcome: "slow", slowMs: 3_000, times: count / 2 },
      { outcome: "hang", times: count / 2 },
    ],
  })
  const [, frozen] = await Promise.all([startApi(), startWorker()])
  const jobs = await mapConcurrently(
    Array.from({ length: count }, (_, index) => `Ticket ${index}`),
    count,
    (prompt) => submit(prompt, { webhook }),
  )
  await vi.waitFor(() => expect(simulator.counters().received).toBe(count), { timeout: 20_000 })
  process.kill(frozen.pid, "SIGSTOP")
  const frozenAt = performance.now()
  await startWorker()
  const before = await mapConcurrently(jobs, count, ({ id }) => ended(id))
  expect(before.every(({ status, attemptCount }) => status === "succeeded" && attemptCount === 1)).toBe(true)
  await sleep(Math.max(0, frozenAt + frozenMs - performance.now()))

  process.kill(frozen.pid, "SIGCONT")
  // It ends in order, and with that everything that it still meant to write.
  await frozen.stop()
  expect(await frozen.ended).toEqual({ code: 0, signal: null })
  expect(await mapConcurrently(jobs, count, ({ id }) => job(id, "?expand=attempts"))).toEqual(before)
  const told = () => receiver?.received.map(({ id, body }) => `${JSON.parse(body).data.id} ${id}`) ?? []
  await vi.waitFor(() => expect(new Set(told()).size).toBe(count), { timeout: 20_000 })
  expect(new Set(told().map((line) => line.split(" ")[0]))).toEqual(new Set(jobs.map(({ id }) => id)))
}, 240_000)
