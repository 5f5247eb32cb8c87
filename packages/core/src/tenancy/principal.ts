/** Who calls, and what they may do. */
export interface Principal {
  /** As the audit log and replays name it: `admin`, or the id of a key. */
  readonly actor: string
  /** For whom it acts. */
  readonly tenantId: string
  /** Scopes and wildcards, as they were given. */
  readonly scopes: readonly string[]
  /** When the key ends; null when it does not. */
  readonly expiresAt: Date | null
}

/** May do everything, for every tenant. */
export const adminScopes: readonly string[] = ["*", "operate:*", "tenants:*"]
