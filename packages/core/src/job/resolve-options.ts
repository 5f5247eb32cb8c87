import type { RouteConfig } from "../configuration/route.ts"
import type { TenantSettings } from "../configuration/tenant-settings.ts"
import type { SubmitOptions } from "../contract/submit.ts"
import type { JobOptions } from "./job.ts"

const defaultExpiresInMs = 86_400_000

/** Fills in the defaults: the caller's word first, then the route's, then the tenant's, then the system's. */
export function resolveOptions(
  options: SubmitOptions | null | undefined,
  route: Pick<RouteConfig, "fallback" | "degradeAfterMs" | "retainMs">,
  tenant: Pick<TenantSettings, "retainMs"> = {},
): JobOptions {
  return {
    priority: options?.priority ?? "standard",
    runAt: options?.runAt ? new Date(options.runAt) : null,
    expiresInMs: options?.expiresInMs ?? defaultExpiresInMs,
    fallback: options?.fallback ?? route.fallback ?? "provider",
    degradeAfterMs: options?.degradeAfterMs ?? route.degradeAfterMs ?? null,
    cache: options?.cache ?? "use",
    cacheKey: options?.cacheKey ?? null,
    task: options?.task ?? null,
    maxCostUsd: options?.maxCostUsd ?? null,
    affinityKey: options?.affinityKey ?? null,
    retainMs: options?.retainMs ?? route.retainMs ?? tenant.retainMs ?? null,
  }
}
