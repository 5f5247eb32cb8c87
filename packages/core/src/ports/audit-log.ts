import type { JsonObject } from "../contract/scalars.ts"

/** What somebody did, or was about to do. */
export interface AuditEntry {
  readonly id: string
  readonly at: Date
  readonly actor: string
  readonly tenantId: string
  readonly action: string
  readonly target: string | null
  readonly details: JsonObject
  readonly requestId: string
}

export interface AuditFilter {
  /** Left out: of all tenants. */
  readonly tenantId?: string | undefined
  readonly actor?: string | undefined
  readonly action?: string | undefined
  readonly target?: string | undefined
}

/** Who did what, when. Rejects with `StorageUnavailableError` when the database does not answer in time. */
export interface AuditLog {
  /** Resolves once the entry is stored with majority write concern. To be called before the action, which then must not go unseen. */
  record(entry: AuditEntry): Promise<void>
  /** Newest first; `before` is the id of the last entry of the page before. */
  list(request: { readonly filter: AuditFilter; readonly before: string | null; readonly limit: number }): Promise<readonly AuditEntry[]>
}
