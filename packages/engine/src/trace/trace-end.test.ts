import { maxRescues } from "@sluice/core"
import {
  createMemoryJobQueue,
  createMemoryJobSignals,
  createMemoryJobStore,
  createMemoryTracer,
  sampleFailure,
  sampleJob,
} from "@sluice/core/testing"
import { describe, expect, test } from "vitest"
import { createCancelJob } from "../cancel/cancel-job.ts"
import { createSweepHarness, sweepStart } from "../testing/sweep-harness.ts"

const traceId = "0af7651916cd43dd8448eb211c80319c"
const submit = "b7ad6b7169203331"
const origin = { traceparent: `00-${traceId}-${submit}-01`, requestId: "req_1" }
const later = (ms: number) => new Date(sweepStart.getTime() + ms)

/** A sweep after the time has passed, and the spans that it wrote. */
async function swept(
  job: ReturnType<typeof sampleJob>,
  { afterMs, prepare }: { afterMs: number; prepare?: (h: Harness) => Promise<void> },
) {
  const harness = createSweepHarness([job])
  const tracer = createMemoryTracer()
  await prepare?.(harness)
  harness.advance(afterMs)
  await harness.sweepAs("a", { tracer })()
  return tracer.spans()
}
type Harness = ReturnType<typeof createSweepHarness>

describe("a job whose end no execution tells of ends its trace itself", () => {
  test("when it is cancelled, once, and not when it had ended", async () => {
    const store = createMemoryJobStore()
    const tracer = createMemoryTracer()
    const signals = createMemoryJobSignals()
    const cancelJob = createCancelJob({ store, queue: createMemoryJobQueue(), signals, clock: () => later(5_000), tracer })
    const [inLine, ended] = [sampleJob({ batchId: "bat_1", ...origin }), sampleJob(origin)]
    for (const job of [inLine, ended]) await store.insert(job)
    await store.abandon({ id: ended.id, run: 1, ending: sampleFailure() })
    for (const job of [inLine, inLine, ended]) await cancelJob(job)
    expect(tracer.spans()).toMatchObject([
      {
        name: "cancel chat",
        kind: "internal",
        traceId,
        parentId: submit,
        startedAt: later(5_000),
        failed: false,
        attributes: {
          "sluice.job.id": inLine.id,
          "sluice.job.run": 1,
          "sluice.tenant.id": "default",
          "sluice.route": "chat",
          "sluice.batch.id": "bat_1",
          "sluice.request.id": "req_1",
          "sluice.job.status": "cancelled",
        },
      },
    ])
  })

  test("when its deadline passes, with what it was waiting for", async () => {
    const waiting = { reason: "breaker_open", endpoint: "a", since: sweepStart, until: null, refusals: 2 } as const
    const job = sampleJob({ deadline: later(600_000), waiting, ...origin })
    const spans = await swept(job, { afterMs: 600_000 })
    expect(spans).toMatchObject([
      {
        name: "expire chat",
        traceId,
        parentId: submit,
        failed: true,
        attributes: { "sluice.job.id": job.id, "sluice.job.status": "expired", "error.type": "deadline_exceeded" },
        events: [{ name: "sluice.waited", attributes: { "sluice.wait.reason": "breaker_open", "sluice.wait.duration_ms": 600_000 } }],
      },
    ])
  })

  test("when it loses its workers too often", async () => {
    const job = sampleJob(origin)
    const spans = await swept(job, {
      afterMs: 60_000,
      async prepare({ store }) {
        for (let count = 0; count <= maxRescues; count += 1)
          await store.claim({ id: job.id, run: 1, claim: { token: `t${count}`, workerId: "dead", at: sweepStart } })
      },
    })
    expect(spans).toMatchObject([
      { name: "fail chat", traceId, failed: true, attributes: { "sluice.job.status": "failed", "error.type": "worker_lost" }, events: [] },
    ])
  })

  test("unless its caller keeps no trace", async () => {
    const job = sampleJob({ deadline: later(1_000), traceparent: origin.traceparent.replace(/01$/, "00") })
    expect(await swept(job, { afterMs: 600_000 })).toEqual([])
  })
})
