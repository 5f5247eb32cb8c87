import { StorageUnavailableError, type TenantSettings } from "@sluice/core"
import { createKeyRing, createTenantDirectory, type KeyRing, type LiveTenantDirectory, runPeriodically } from "@sluice/engine"
import type { Logger, Releasers } from "@sluice/runtime"
import type { ApiStore } from "./deferred-store.ts"

export interface BuildAccessOptions {
  readonly store: Pick<ApiStore, "apiKeys" | "tenants">
  /** What `sluice.yaml` says of tenants at the moment. */
  readonly configured: () => Readonly<Record<string, TenantSettings>>
  readonly logger: Logger
  readonly releasers: Releasers
  /** Aborted when the process shuts down. */
  readonly signal: AbortSignal
}

export interface Access {
  readonly keys: KeyRing
  readonly tenants: LiveTenantDirectory
}

/** A revocation, a new setting or a disabled tenant holds in every process after this at the latest. */
const refreshEveryMs = 2_000
const recordUsesEveryMs = 30_000

/** Keys and tenants in the memory of this process, kept true to the database until the signal. */
export function buildAccess({ store, configured, logger, releasers, signal }: BuildAccessOptions): Access {
  const keys = createKeyRing({ store: store.apiKeys, clock: () => new Date() })
  const tenants = createTenantDirectory({ store: store.tenants, configured })
  const periodically = (task: () => Promise<unknown>, { everyMs, what }: { readonly everyMs: number; readonly what: string }) =>
    runPeriodically(task, { everyMs, signal, onError: (error) => warn(logger, error, what) })
  const following = [
    periodically(keys.refresh, { everyMs: refreshEveryMs, what: "changes of API keys could not be read" }),
    periodically(tenants.refresh, { everyMs: refreshEveryMs, what: "changes of tenants could not be read" }),
    periodically(keys.recordUses, { everyMs: recordUsesEveryMs, what: "the last use of API keys could not be written down" }),
  ]
  releasers.push({
    name: "keys and tenants",
    release: async () => {
      await Promise.all(following)
      await keys.recordUses().catch((error: unknown) => warn(logger, error, "the last use of API keys could not be written down"))
    },
  })
  return { keys, tenants }
}

/** An outage is told of where requests meet it; here, every two seconds, it would only fill the log. */
function warn(logger: Logger, error: unknown, what: string): void {
  if (error instanceof StorageUnavailableError) logger.debug({ err: error }, what)
  else logger.error({ err: error }, `${what}; it is tried again`)
}
