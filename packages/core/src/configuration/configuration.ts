import { z } from "zod"
import { inputSchemas } from "../contract/input.ts"
import { milliseconds, name } from "../contract/scalars.ts"
import { endpointConfig } from "./endpoint.ts"
import { breaker, retry } from "./policies.ts"
import { retention } from "./retention.ts"
import { type RouteConfig, routeConfig } from "./route.ts"
import { tenantConfig } from "./tenant-settings.ts"

const cidr = z.union([z.cidrv4(), z.cidrv6()], { error: "Expected a CIDR range such as 10.0.0.0/8" })

const webhooksConfig = z.strictObject({
  /** Private ranges in which receivers may live; http is allowed there. */
  allowPrivate: z.array(cidr).default([]),
  /** Waits before the first, second, .. delivery attempt. */
  scheduleMs: z.array(z.int().nonnegative()).min(1).optional(),
  /** For one request. Default 15 s. */
  timeoutMs: milliseconds.max(60_000).optional(),
  /** A webhook endpoint that has done nothing but fail for so long is disabled. Default 5 days. */
  disableAfterMs: milliseconds.optional(),
})

const dayMs = 86_400_000

const deadLettersConfig = z.strictObject({
  /** How long an open one is kept before it is discarded. */
  retentionMs: milliseconds.default(90 * dayMs),
  /** An alert is raised when more than `floor` came within `windowMs`, and more than `factor` times those of the window before. */
  alert: z
    .union([
      z.literal("off"),
      z.strictObject({
        windowMs: milliseconds.default(300_000),
        floor: z.int().nonnegative().default(20),
        factor: z.number().min(1).default(3),
      }),
    ])
    .prefault({}),
})
export type DeadLettersConfig = z.infer<typeof deadLettersConfig>

const defaultsConfig = z.strictObject({
  breaker: breaker.optional(),
  retry: retry.optional(),
  timeoutMs: milliseconds.optional(),
  firstChunkMs: milliseconds.optional(),
  idleMs: milliseconds.optional(),
})

interface RouteIssue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

function unknownEndpoints({ tiers }: RouteConfig, known: readonly string[]): RouteIssue[] {
  return tiers.flatMap((tier, tierIndex) =>
    ("endpoints" in tier ? tier.endpoints : []).flatMap((endpoint, index) => {
      if (known.includes(endpoint)) return []
      const message = `There is no endpoint "${endpoint}". Known: ${known.join(", ") || "none"}.`
      return [{ path: ["tiers", tierIndex, "endpoints", index], message }]
    }),
  )
}

/** A canary is sent like any input of the route, so it has to be one. */
function canaryIssues({ kind, canary }: RouteConfig): RouteIssue[] {
  if (canary === undefined) return []
  const issues = inputSchemas[kind].safeParse(canary).error?.issues ?? []
  return issues.map(({ path, message }) => ({ path: ["canary", ...path], message }))
}

/** The whole of `sluice.yaml`. Cross references are checked here too, with the path of the name that leads nowhere. */
export const configuration = z
  .strictObject({
    endpoints: z.record(name, endpointConfig),
    routes: z.record(name, routeConfig),
    tenants: z.record(name, tenantConfig).default({}),
    webhooks: webhooksConfig.default({ allowPrivate: [] }),
    deadLetters: deadLettersConfig.prefault({}),
    defaults: defaultsConfig.default({}),
    retention: retention.prefault({}),
  })
  .superRefine(({ endpoints, routes }, context) => {
    for (const [name, route] of Object.entries(routes)) {
      for (const issue of [...unknownEndpoints(route, Object.keys(endpoints)), ...canaryIssues(route)]) {
        context.addIssue({ code: "custom", path: ["routes", name, ...issue.path], message: issue.message })
      }
    }
  })
export type Configuration = z.infer<typeof configuration>
