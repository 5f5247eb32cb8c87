import { type ApiKeyStore, StorageUnavailableError, type TenantSettings } from "@sluice/core"
import {
  type ApiKeys,
  createApiKeys,
  createJobTokens,
  createKeyRing,
  createLocalTenantGate,
  createTenantDirectory,
  createTenantLimits,
  createTenants,
  type JobTokens,
  type KeyRing,
  type LiveTenantDirectory,
  runPeriodically,
  type TenantLimits,
  type Tenants,
} from "@sluice/engine"
import { createTenantGate, type RedisHandle } from "@sluice/redis"
import type { Logger, Releasers } from "@sluice/runtime"
import { createDashboardSessions, type DashboardSessions } from "../dashboard/sessions.ts"
import type { ApiStore } from "./deferred-store.ts"

export interface BuildAccessOptions {
  /** The same in all API processes: what signs job tokens and encrypts sessions is derived from it. */
  readonly adminKey: string
  readonly store: Pick<ApiStore, "apiKeys" | "tenants" | "queuedJobs">
  readonly redis: RedisHandle
  /** What `sluice.yaml` says of tenants at the moment. */
  readonly configured: () => Readonly<Record<string, TenantSettings>>
  readonly logger: Logger
  readonly releasers: Releasers
  /** Aborted when the process shuts down. */
  readonly signal: AbortSignal
}

/** What the authentication and the routes of keys and tenants need. */
export interface Access {
  readonly keys: KeyRing
  readonly tenants: LiveTenantDirectory
  readonly limits: TenantLimits
  readonly jobTokens: JobTokens
  readonly sessions: DashboardSessions
  readonly apiKeyStore: ApiKeyStore
  readonly apiKeys: ApiKeys
  readonly tenantOperations: Tenants
}

/** A revocation, a new setting or a disabled tenant holds in every process after this at the latest. */
const refreshEveryMs = 2_000
const recordUsesEveryMs = 30_000

/** Keys and tenants in the memory of this process, kept true to the database until the signal. */
export function buildAccess({ adminKey, store, redis, configured, logger, releasers, signal }: BuildAccessOptions): Access {
  const clock = () => new Date()
  const keys = createKeyRing({ store: store.apiKeys, clock })
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
  return {
    keys,
    tenants,
    limits: createTenantLimits({
      tenants,
      gate: createTenantGate({ redis }),
      localGate: createLocalTenantGate({ clock }),
      queuedJobs: store.queuedJobs,
    }),
    jobTokens: createJobTokens({ secret: adminKey, clock }),
    sessions: createDashboardSessions({ secret: adminKey, clock }),
    apiKeyStore: store.apiKeys,
    apiKeys: createApiKeys({ store: store.apiKeys, isTenant: (id) => isTenant(id, { store, tenants }), onChange: keys.learn, clock }),
    tenantOperations: createTenants({ store: store.tenants, configured, onChange: tenants.learn, clock }),
  }
}

/** One that another process has just made is not in the memory of this one yet. */
async function isTenant(id: string, { store, tenants }: Pick<BuildAccessOptions, "store"> & Pick<Access, "tenants">): Promise<boolean> {
  return tenants.isKnown(id) || (await store.tenants.find(id)) !== null
}

/** An outage is told of where requests meet it; here, every two seconds, it would only fill the log. */
function warn(logger: Logger, error: unknown, what: string): void {
  if (error instanceof StorageUnavailableError) logger.debug({ err: error }, what)
  else logger.error({ err: error }, `${what}; it is tried again`)
}
