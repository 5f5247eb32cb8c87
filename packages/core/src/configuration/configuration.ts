import { z } from "zod"
import { inputSchemas } from "../contract/input.ts"
import { milliseconds, name } from "../contract/scalars.ts"
import { suggestName } from "../text/nearest-name.ts"
import { alertsConfig } from "./alerts.ts"
import { inputOfCanary } from "./canary.ts"
import { type EndpointConfig, endpointConfig } from "./endpoint.ts"
import { objectivesConfig } from "./objectives.ts"
import { breaker, retry } from "./policies.ts"
import { retention } from "./retention.ts"
import { type RouteConfig, routeConfig } from "./route.ts"
import { tenantConfig } from "./tenant-settings.ts"

const cidr = z.union([z.cidrv4(), z.cidrv6()], { error: "Expected a CIDR range such as 10.0.0.0/8; one address alone is 10.0.0.1/32." })

const webhooksConfig = z
  .strictObject({
    allowPrivate: z
      .array(cidr)
      .default([])
      .meta({ description: "Private ranges in which receivers may live; http is allowed there.", examples: [["127.0.0.0/8"]] }),
    scheduleMs: z
      .array(z.int().nonnegative())
      .min(1)
      .optional()
      .meta({ description: "Waits before the first, second, .. try. Default: over 28 hours.", examples: [[0, 5_000, 300_000]] }),
    timeoutMs: milliseconds.max(60_000).optional().describe("For one request. Default 15000."),
    disableAfterMs: milliseconds
      .optional()
      .describe("A webhook endpoint that has done nothing but fail for so long is disabled. Default 432000000 (5 days)."),
  })
  .describe("How events are delivered.")

const dayMs = 86_400_000

const deadLettersConfig = z
  .strictObject({
    retentionMs: milliseconds.default(90 * dayMs).describe("How long an open one is kept before it is discarded."),
    alert: z
      .union([
        z.literal("off"),
        z.strictObject({
          windowMs: milliseconds.default(300_000).describe("The time over which they are counted."),
          floor: z.int().nonnegative().default(20).describe("No alert for fewer than that."),
          factor: z.number().min(1).default(3).describe("How many times those of the window before."),
        }),
      ])
      .prefault({})
      .describe("A log line with `alert: true` when more than `floor` came within the window, and more than `factor` times those before."),
  })
  .describe("What becomes of failed and expired jobs, and of deliveries that were given up.")
export type DeadLettersConfig = z.infer<typeof deadLettersConfig>

const { timeoutMs, firstChunkMs, idleMs } = endpointConfig.shape
const defaultsConfig = z
  .strictObject({ breaker: breaker.optional(), retry: retry.optional(), timeoutMs, firstChunkMs, idleMs })
  .describe("For all endpoints and routes that do not say otherwise.")

type Issue = z.core.$ZodRawIssue

function unknownEndpoints({ tiers }: RouteConfig, known: readonly string[]): Issue[] {
  return tiers.flatMap((tier, tierIndex) =>
    ("endpoints" in tier ? tier.endpoints : []).flatMap((endpoint, index) => {
      if (known.includes(endpoint)) return []
      const message = `There is no endpoint "${endpoint}". ${suggestName(endpoint, known)}`
      return [{ code: "custom", path: ["tiers", tierIndex, "endpoints", index], message, input: endpoint }]
    }),
  )
}

/** A tenant's key never serves what is not that tenant's job, and a key that is never sent should not be thought to be. */
function credentialIssues({
  endpoints,
  routes,
}: {
  endpoints: Record<string, EndpointConfig>
  routes: Record<string, RouteConfig>
}): { readonly path: string[]; readonly message: string }[] {
  const unused = Object.entries(endpoints).flatMap(([name, { credential, apiKey }]) => {
    if (credential !== "tenant" || apiKey === undefined) return []
    const message = "With `credential: tenant` this key is never sent. Take it out, or say `credential: tenant-then-platform`."
    return [{ path: ["endpoints", name, "apiKey"], message }]
  })
  const comparing = Object.entries(routes).flatMap(([name, { cache }]) => {
    const embedding = cache?.similar?.embedding
    if (embedding === undefined || endpoints[embedding]?.credential !== "tenant") return []
    const message = `Prompts are compared with the platform's own key, and ${embedding} has none (\`credential: tenant\`). Name another endpoint.`
    return [{ path: ["routes", name, "cache", "similar", "embedding"], message }]
  })
  return [...unused, ...comparing]
}

/** A canary is sent like any input of the route, so it has to be one. */
function canaryIssues({ kind, canary }: RouteConfig): Issue[] {
  if (canary === undefined) return []
  const issues = inputSchemas[kind].safeParse(inputOfCanary(canary), { reportInput: true }).error?.issues ?? []
  const at = canary.input === undefined ? ["canary"] : ["canary", "input"]
  return issues.flatMap(({ message, path, ...issue }) => {
    // Without its words, so that whoever reads the configuration can use its own.
    const raw: object = { ...issue, ...(issue.code === "custom" && { message }), path: [...at, ...path] }
    return isRaw(raw) ? [raw] : []
  })
}

/** What was reported can be reported again. Its type says less, since its input may have been left out. */
function isRaw(issue: object): issue is Issue {
  return "code" in issue
}

/** The whole of `sluice.yaml`. Cross references are checked here too, with the path of the name that leads nowhere. */
export const configuration = z
  .strictObject({
    endpoints: z
      .record(name, endpointConfig)
      .describe("The places where a model can be asked. Their names are yours: they appear in results, logs and metrics."),
    routes: z.record(name, routeConfig).describe("What callers name when they submit a job."),
    tenants: z
      .record(name, tenantConfig)
      .default({})
      .describe("Limits of tenants; off unless they are set. `default` is that of the admin key."),
    webhooks: webhooksConfig.default({ allowPrivate: [] }),
    deadLetters: deadLettersConfig.prefault({}),
    defaults: defaultsConfig.default({}),
    retention: retention.prefault({}),
    alerts: alertsConfig
      .optional()
      .describe("What somebody should know of, and where it is sent. Left out: nothing is watched but what the log and Prometheus tell."),
    publicUrl: z
      .url({ protocol: /^https?$/, error: "Expected an http(s) URL, such as https://sluice.example." })
      .optional()
      .meta({ description: "Where people reach the API, for links to the dashboard.", examples: ["https://sluice.example"] }),
    objectives: objectivesConfig.default({}).describe("What is promised of the answers, for each route that does not say otherwise."),
  })
  .superRefine(({ endpoints, routes }, context) => {
    for (const issue of credentialIssues({ endpoints, routes })) context.addIssue({ code: "custom", ...issue })
    for (const [name, route] of Object.entries(routes)) {
      for (const issue of [...unknownEndpoints(route, Object.keys(endpoints)), ...canaryIssues(route)]) {
        context.issues.push({ ...issue, path: ["routes", name, ...(issue.path ?? [])] })
      }
    }
  })
export type Configuration = z.infer<typeof configuration>
