import type { QueuedJob } from "../job/job.ts"
import { jobSchemaVersion } from "../job/job.ts"
import { newJobId } from "../job/job-id.ts"

/** A queued chat job as a submission makes it; `overrides` say what matters to the test. */
export function sampleJob(overrides: Partial<QueuedJob> = {}): QueuedJob {
  const createdAt = overrides.createdAt ?? new Date("2026-01-01T00:00:00.000Z")
  return {
    id: newJobId({ at: createdAt }),
    schemaVersion: jobSchemaVersion,
    tenantId: "default",
    route: "chat",
    work: { kind: "chat", input: { messages: [{ role: "user", content: "Say ok" }] } },
    options: {
      priority: "standard",
      runAt: null,
      expiresInMs: 86_400_000,
      fallback: "provider",
      degradeAfterMs: null,
      cache: "use",
      cacheKey: null,
      task: null,
      maxCostUsd: null,
      affinityKey: null,
      retainMs: null,
    },
    webhook: null,
    metadata: {},
    batchId: null,
    customId: null,
    idempotencyKey: null,
    idempotencyExpiresAt: null,
    requestHash: null,
    traceparent: null,
    requestId: null,
    run: 1,
    attempts: [],
    attemptCount: 0,
    events: [],
    waits: [],
    rescues: 0,
    createdAt,
    deadline: new Date(createdAt.getTime() + 86_400_000),
    startedAt: null,
    deadLetter: null,
    status: "queued",
    notBefore: null,
    waiting: null,
    enqueueDueAt: null,
    ...overrides,
  }
}
