import type { AuditEntry, AuditLog } from "../ports/audit-log.ts"

/** Entries in an array. */
export function createMemoryAuditLog(): AuditLog {
  const entries: AuditEntry[] = []
  return {
    record(entry) {
      entries.push(entry)
      return Promise.resolve()
    },
    list({ filter, before, limit }) {
      const page = entries.filter(
        (entry) =>
          (before === null || entry.id < before) &&
          (filter.tenantId === undefined || entry.tenantId === filter.tenantId) &&
          (filter.actor === undefined || entry.actor === filter.actor) &&
          (filter.action === undefined || entry.action === filter.action) &&
          (filter.target === undefined || entry.target === filter.target),
      )
      return Promise.resolve(page.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit))
    },
  }
}
