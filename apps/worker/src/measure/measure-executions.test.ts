import type { RunningJob } from "@sluice/core"
import { sampleAttempt, sampleFailure, sampleJob, sampleResult } from "@sluice/core/testing"
import type { ExecutionObserver } from "@sluice/engine"
import { createLogger } from "@sluice/runtime"
import { describe, expect, test, vi } from "vitest"
import { logExecutions } from "../log-executions.ts"
import { measureExecutions } from "./measure-executions.ts"
import { createWorkerMetrics } from "./worker-metrics.ts"

const silent = createLogger({ level: "silent", name: "worker" })

function setUp(overrides: Partial<ExecutionObserver> = {}) {
  const metrics = createWorkerMetrics()
  const observer = measureExecutions(metrics, { ...logExecutions(silent), ...overrides })
  const lines = async (name: string) => (await metrics.registry.metrics()).split("\n").filter((line) => line.startsWith(name))
  return { observer, lines, registry: metrics.registry }
}

function runningJob(overrides: Parameters<typeof sampleJob>[0] = {}, claimedAfterMs = 1_500): RunningJob {
  const job = sampleJob(overrides)
  const at = new Date(job.createdAt.getTime() + claimedAfterMs)
  const { createdAt: _at, ...base } = job
  return { ...base, createdAt: job.createdAt, status: "running", startedAt: at, waiting: null, claim: { token: "t", workerId: "w", at } }
}

describe("measuring executions", () => {
  test("counts an attempt with its cost and tokens under the names of OpenTelemetry", async () => {
    const { observer, lines } = setUp()
    const attempt = sampleAttempt({ costUsd: 0.5, durationMs: 200 })
    observer.attemptEnded({ job: runningJob(), attempt, error: null })
    expect(await lines("sluice_attempts_total")).toEqual([
      'sluice_attempts_total{endpoint="a",tier="primary",outcome="succeeded",error_type="",charged="false",service="worker"} 1',
    ])
    expect(await lines("sluice_cost_usd_total")).toEqual(['sluice_cost_usd_total{endpoint="a",outcome="succeeded",service="worker"} 0.5'])
    expect(await lines("gen_ai_client_token_usage_sum")).toHaveLength(2)
    const [duration] = await lines("gen_ai_client_operation_duration_seconds_sum")
    expect(duration).toMatch(/gen_ai_operation_name="chat".* 0\.2$/)
  })

  test("counts how long a job was in line, from when it could run, once a run", async () => {
    const { observer, lines } = setUp()
    const createdAt = new Date("2026-01-01T00:00:00.000Z")
    observer.jobStarted({ job: runningJob({ createdAt }) })
    const runAt = new Date(createdAt.getTime() + 1_000)
    observer.jobStarted({ job: runningJob({ createdAt, options: { ...sampleJob().options, runAt } }) })
    const again = runningJob({ createdAt })
    observer.jobStarted({ job: { ...again, startedAt: createdAt } })
    expect((await lines("sluice_job_start_delay_seconds_sum"))[0]).toMatch(/ 2$/)
    expect((await lines("sluice_job_start_delay_seconds_count"))[0]).toMatch(/ 2$/)
  })

  test("an end is counted by status, tier and error, and a failure is a dead letter", async () => {
    const { observer, lines } = setUp()
    const job = runningJob()
    const at = new Date(job.createdAt.getTime() + 3_000)
    observer.jobEnded({ job, ending: { status: "succeeded", at, eventId: "e", attempts: [], result: sampleResult() } })
    observer.jobEnded({ job, ending: sampleFailure({ at }) })
    expect(await lines("sluice_jobs_ended_total")).toEqual([
      'sluice_jobs_ended_total{route="chat",status="succeeded",tier="primary",error_type="",service="worker"} 1',
      'sluice_jobs_ended_total{route="chat",status="failed",tier="",error_type="invalid_input",service="worker"} 1',
    ])
    expect(await lines("sluice_dead_letters_total")).toEqual([
      'sluice_dead_letters_total{kind="job",error_type="invalid_input",service="worker"} 1',
    ])
  })

  test("passes on what it hears", () => {
    const attemptEnded = vi.fn()
    const { observer } = setUp({ attemptEnded })
    const event = { job: runningJob(), attempt: sampleAttempt(), error: null }
    observer.attemptEnded(event)
    expect(attemptEnded).toHaveBeenCalledWith(event)
  })

  test("ten thousand tenants make no more series than one", async () => {
    const of = async (tenants: number) => {
      const { observer, registry } = setUp()
      for (let tenant = 0; tenant < tenants; tenant += 1) {
        const job = runningJob({ tenantId: `tenant-${tenant}`, metadata: { order: String(tenant) } })
        observer.jobStarted({ job })
        observer.attemptEnded({ job, attempt: sampleAttempt({ providerRequestId: `r-${tenant}` }), error: null })
        observer.jobEnded({ job, ending: { status: "succeeded", at: job.claim.at, eventId: "e", attempts: [], result: sampleResult() } })
      }
      return (await registry.metrics()).split("\n").filter((line) => /^(?:sluice|gen_ai)_/.test(line)).length
    }
    expect(await of(10_000)).toBe(await of(1))
  })
})
