import type { QueueEntry } from "@sluice/core"
import { newJobId } from "@sluice/core"

export function newEntry(overrides: Partial<QueueEntry> = {}): QueueEntry {
  return {
    id: newJobId({ at: new Date() }),
    run: 1,
    route: "chat",
    tenantId: "ten_a",
    priority: "standard",
    notBefore: null,
    ...overrides,
  }
}

export function newEntries(count: number, overrides: Partial<QueueEntry> = {}): readonly QueueEntry[] {
  return Array.from({ length: count }, () => newEntry(overrides))
}
