import type { QueueEntry } from "../ports/job-queue.ts"

export function sampleQueueEntry(overrides: Partial<QueueEntry> = {}): QueueEntry {
  return { id: "job_1", run: 1, route: "chat", tenantId: "default", priority: "standard", notBefore: null, ...overrides }
}
