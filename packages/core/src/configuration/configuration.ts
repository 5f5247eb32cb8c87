import { z } from "zod"
import { milliseconds, name } from "../contract/scalars.ts"
import { endpointConfig } from "./endpoint.ts"
import { breaker, retry } from "./policies.ts"
import { routeConfig } from "./route.ts"

const tenantConfig = z.strictObject({
  requestsPerMinute: z.int().positive().optional(),
  maxQueuedJobs: z.int().positive().optional(),
  /** Its share of the workers among tenants that compete. Default 1. */
  weight: z.number().positive().max(1_000).optional(),
  budgetUsdPerDay: z.number().positive().optional(),
  idempotencyTtlMs: milliseconds.optional(),
})

const cidr = z.union([z.cidrv4(), z.cidrv6()], { error: "Expected a CIDR range such as 10.0.0.0/8" })

const webhooksConfig = z.strictObject({
  /** Private ranges in which receivers may live; http is allowed there. */
  allowPrivate: z.array(cidr).default([]),
  /** Waits before the first, second, .. delivery attempt. */
  scheduleMs: z.array(z.int().nonnegative()).min(1).optional(),
})

const defaultsConfig = z.strictObject({
  breaker: breaker.optional(),
  retry: retry.optional(),
  timeoutMs: milliseconds.optional(),
  firstChunkMs: milliseconds.optional(),
  idleMs: milliseconds.optional(),
})

/** The whole of `sluice.yaml`. Cross references are checked here too, with the path of the name that leads nowhere. */
export const configuration = z
  .strictObject({
    endpoints: z.record(name, endpointConfig),
    routes: z.record(name, routeConfig),
    tenants: z.record(name, tenantConfig).default({}),
    webhooks: webhooksConfig.default({ allowPrivate: [] }),
    defaults: defaultsConfig.default({}),
  })
  .superRefine(({ endpoints, routes }, context) => {
    const known = Object.keys(endpoints)
    for (const [routeName, route] of Object.entries(routes)) {
      for (const [tierIndex, tier] of route.tiers.entries()) {
        if (!("endpoints" in tier)) continue
        for (const [index, endpoint] of tier.endpoints.entries()) {
          if (known.includes(endpoint)) continue
          const path = ["routes", routeName, "tiers", tierIndex, "endpoints", index]
          context.addIssue({ code: "custom", path, message: `There is no endpoint "${endpoint}". Known: ${known.join(", ") || "none"}.` })
        }
      }
    }
  })
export type Configuration = z.infer<typeof configuration>
export type TenantConfig = z.infer<typeof tenantConfig>
