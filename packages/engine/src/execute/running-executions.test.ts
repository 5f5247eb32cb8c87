import { createMemoryJobSignals, createMemoryJobStore, sampleJob, sampleSuccess } from "@sluice/core/testing"
import { expect, test } from "vitest"
import { createRunningExecutions, ExecutionOvertaken } from "./running-executions.ts"

const at = new Date("2026-01-01T00:00:01.000Z")

async function setUp() {
  const store = createMemoryJobStore()
  const signals = createMemoryJobSignals()
  const running = createRunningExecutions({ store, signals })
  const job = sampleJob()
  await store.insert(job)
  const claim = (token: string) => store.claim({ id: job.id, run: 1, claim: { token, workerId: "w", at } })
  const begin = (token: string, signal = new AbortController().signal) => running.begin({ id: job.id, run: 1, token }, signal)
  return { store, signals, running, job, claim, begin }
}

test("a cancellation that is announced stops the job's executions, also before their claim, and no others", async () => {
  const { signals, running, job, begin } = await setUp()
  const [mine, other] = [begin("a"), running.begin({ id: "job_other", run: 1, token: "b" }, new AbortController().signal)]
  signals.announceCancelled({ id: job.id })
  expect(mine.signal.reason).toBeInstanceOf(ExecutionOvertaken)
  expect(other.signal.aborted).toBe(false)
})

test("a look stops what was cancelled or taken over, and leaves alone what holds its job or has not claimed it yet", async () => {
  const { store, running, job, claim, begin } = await setUp()
  const first = begin("a")
  await running.look()
  expect(first.signal.aborted).toBe(false)
  await claim("a")
  first.claimed()
  await running.look()
  expect(first.signal.aborted).toBe(false)

  const second = begin("b")
  await claim("b")
  second.claimed()
  await running.look()
  expect(first.signal.reason).toBeInstanceOf(ExecutionOvertaken)
  expect(second.signal.aborted).toBe(false)

  await store.cancel({ ...job, at, eventId: "evt" })
  await running.look()
  expect(second.signal.reason).toBeInstanceOf(ExecutionOvertaken)
})

test("what has ended is looked at no more, and the worker's own signal passes through", async () => {
  const { store, running, job, claim, begin } = await setUp()
  const worker = new AbortController()
  const execution = begin("a", worker.signal)
  await claim("a")
  execution.claimed()
  await store.finish({ id: job.id, run: 1, token: "a", ending: sampleSuccess() })
  execution.end()
  await running.look()
  expect(execution.signal.aborted).toBe(false)
  const reason = new Error("drain")
  worker.abort(reason)
  expect(execution.signal.reason).toBe(reason)
})

test("after close nothing is heard any more", async () => {
  const { signals, running, job, begin } = await setUp()
  const execution = begin("a")
  running.close()
  signals.announceCancelled({ id: job.id })
  expect(execution.signal.aborted).toBe(false)
})
