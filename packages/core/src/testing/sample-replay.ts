import { newReplayId } from "../job/job-id.ts"
import type { Replay } from "../ports/replay-store.ts"

/** A replay of everything open, as it is made. */
export function sampleReplay(overrides: Partial<Replay> = {}): Replay {
  const createdAt = overrides.createdAt ?? new Date("2026-01-01T00:00:00.000Z")
  return {
    id: newReplayId({ at: createdAt }),
    tenantId: "default",
    status: "running",
    filter: { state: "open" },
    ids: null,
    overrides: null,
    perSecond: 50,
    matched: 1,
    hint: null,
    by: "admin",
    requestId: null,
    createdAt,
    cancelRequestedAt: null,
    position: null,
    isRequeued: false,
    progress: { requeued: 0, succeeded: 0, failed: 0, cancelled: 0 },
    finishedAt: null,
    ...overrides,
  }
}
