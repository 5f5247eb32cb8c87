import { createMemoryJobStore, sampleDelivery, sampleFailure, sampleJob, sampleTry } from "@sluice/core/testing"
import { createLogger } from "@sluice/runtime"
import { expect, test } from "vitest"
import { logDeliveries } from "./log-deliveries.ts"
import { logExecutions } from "./log-executions.ts"
import { logRepairs } from "./log-repairs.ts"

const traceId = "0af7651916cd43dd8448eb211c80319c"
const origin = { traceparent: `00-${traceId}-b7ad6b7169203331-01`, requestId: "order-81" }

function logged() {
  const lines: Record<string, unknown>[] = []
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) }
  return { lines, logger: createLogger({ level: "debug", name: "worker", destination }) }
}

test("lines of a job lead to its request and its trace, whoever ended it", async () => {
  const { lines, logger } = logged()
  const store = createMemoryJobStore()
  const job = sampleJob(origin)
  await store.insert(job)
  const [overdue] = await store.findPastDeadline({ at: job.deadline, limit: 1 })
  if (!overdue) throw new Error("It is not overdue.")
  logRepairs(logger).jobEnded({ job: overdue, ending: sampleFailure() })
  logExecutions(logger).jobEnded({ job, ending: sampleFailure() })
  const { id: jobId, tenantId, route } = job
  const facts = { jobId, run: 1, tenantId, route, requestId: "order-81", traceId, status: "failed", msg: "job ended" }
  expect(lines).toMatchObject([facts, facts])
})

test("so do those of deliveries; of what no request is known of there is no such field", () => {
  const { lines, logger } = logged()
  const told = logDeliveries(logger)
  told.failed({ delivery: sampleDelivery(origin), error: "gone" })
  told.tried({ delivery: sampleDelivery(), made: sampleTry(), nextAttemptAt: null })
  expect(lines).toMatchObject([{ jobId: "job_1", requestId: "order-81", traceId, msg: "webhook given up" }, { msg: "webhook not taken" }])
  expect(lines[1]).not.toHaveProperty("requestId")
  expect(lines[1]).not.toHaveProperty("traceId")
})
