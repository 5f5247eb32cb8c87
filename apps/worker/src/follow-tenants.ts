import { StorageUnavailableError, type TenantDirectory } from "@sluice/core"
import { createTenantDirectory, runPeriodically } from "@sluice/engine"
import type { LiveCatalog, Logger, Releasers } from "@sluice/runtime"
import type { Store } from "@sluice/store"

export interface FollowTenantsOptions {
  readonly store: Pick<Store, "tenants">
  readonly catalog: LiveCatalog
  readonly logger: Logger
  readonly releasers: Releasers
  /** Aborted when the process shuts down. */
  readonly signal: AbortSignal
}

/** A setting that was changed by the API holds here after this at the latest. */
const refreshEveryMs = 2_000

/** The tenants' settings in the memory of this process, kept true to the configuration and the database until the signal. */
export async function followTenants({ store, catalog, logger, releasers, signal }: FollowTenantsOptions): Promise<TenantDirectory> {
  const tenants = createTenantDirectory({ store: store.tenants, configured: () => catalog.current().tenants })
  const onError = (error: unknown) => {
    // An outage of the database is told of by all that work with it.
    if (!(error instanceof StorageUnavailableError)) logger.error({ err: error }, "changes of tenants could not be read; it is tried again")
  }
  await tenants.refresh().catch(onError)
  const following = runPeriodically(tenants.refresh, { everyMs: refreshEveryMs, signal, onError })
  releasers.push({ name: "tenants", release: () => following })
  return tenants
}
