import { type Alerts, createAlerts } from "./resources/alerts.ts"
import { type ApiKeys, createApiKeys } from "./resources/api-keys.ts"
import { type Audit, createAudit } from "./resources/audit.ts"
import { type Batches, createBatches } from "./resources/batches/batches.ts"
import { createDeadLetters, type DeadLetters } from "./resources/dead-letters.ts"
import { createEndpoints, type Endpoints } from "./resources/endpoints.ts"
import { createJobs, type Jobs } from "./resources/jobs.ts"
import { createProcesses, type Processes } from "./resources/processes.ts"
import { createProviderCredentials, type ProviderCredentials } from "./resources/provider-credentials.ts"
import { createQueues, type Queues } from "./resources/queues.ts"
import { createReplays, type Replays } from "./resources/replays.ts"
import { createRoutes, type Routes } from "./resources/routes.ts"
import { createRunJob, type RunJob } from "./resources/run-job.ts"
import { createTenants, type Tenants } from "./resources/tenants.ts"
import { createUsage, type Usage } from "./resources/usage.ts"
import { createWebhooks, type Webhooks } from "./resources/webhooks.ts"
import { sleep as defaultSleep, type Sleep } from "./transport/sleep.ts"
import { createTransport, type TransportOptions } from "./transport/transport.ts"

export interface ClientOptions {
  /** Where the API is, e.g. `http://127.0.0.1:3000`; a path before `/v1` may follow. */
  readonly baseUrl: string
  /** Begins with `sk_`. It decides the tenant. Null: `fetch` sees to who calls, as by a session's cookie in a page of the API itself. */
  readonly apiKey: string | null
  /** Only with a key that may act for every tenant. */
  readonly tenant?: string | undefined
  /** Default: the platform's. */
  readonly fetch?: typeof fetch
  /** For one try of a call, beside the time that it is told to wait. Default 30,000. */
  readonly timeoutMs?: number
  /** How often a call is tried again by itself. Default 4, within about 4 s unless the server asks for more. */
  readonly retries?: number
  /** For tests. */
  readonly random?: () => number
  readonly sleep?: Sleep
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  readonly newIdempotencyKey?: () => string
}

export interface Client {
  /**
   * Submits a job, waits for its end, and resolves with it and its output, of whatever size. Throws `JobFailedError` when it ended
   * otherwise, and `WaitTimeoutError` when `timeoutMs` was over before. To let go of it and look later: `jobs.submit`, `jobs.wait`.
   */
  readonly run: RunJob
  readonly jobs: Jobs
  readonly batches: Batches
  readonly deadLetters: DeadLetters
  readonly replays: Replays
  readonly webhooks: Webhooks
  readonly providerCredentials: ProviderCredentials
  readonly routes: Routes
  readonly endpoints: Endpoints
  readonly queues: Queues
  readonly processes: Processes
  readonly alerts: Alerts
  readonly audit: Audit
  readonly apiKeys: ApiKeys
  readonly tenants: Tenants
  readonly usage: Usage
}

const defaultTimeoutMs = 30_000
const defaultRetries = 4

/** A client of the Sluice API. It holds no connections of its own. Throws `TypeError` when an option cannot be meant. */
export function createClient(options: ClientOptions): Client {
  const { sleep = defaultSleep, now = Date.now, newIdempotencyKey = randomKey } = options
  const transport = createTransport(transportOptions(options, { sleep, now }))
  const jobs = createJobs({ transport, newIdempotencyKey, sleep, now, random: options.random ?? Math.random })
  return {
    run: createRunJob(jobs, now),
    jobs,
    batches: createBatches({ transport, newIdempotencyKey, sleep }),
    deadLetters: createDeadLetters(transport),
    replays: createReplays(transport),
    webhooks: createWebhooks(transport),
    providerCredentials: createProviderCredentials(transport),
    routes: createRoutes(transport),
    endpoints: createEndpoints(transport),
    queues: createQueues(transport),
    processes: createProcesses(transport),
    alerts: createAlerts(transport),
    audit: createAudit(transport),
    apiKeys: createApiKeys(transport),
    tenants: createTenants(transport),
    usage: createUsage(transport),
  }
}

function transportOptions(options: ClientOptions, { sleep, now }: Pick<TransportOptions, "sleep" | "now">): TransportOptions {
  const { apiKey, tenant, timeoutMs = defaultTimeoutMs, retries = defaultRetries, random = Math.random } = options
  if (apiKey !== null) assertHeaderValue("apiKey", apiKey)
  if (tenant !== undefined) assertHeaderValue("tenant", tenant)
  return {
    baseUrl: baseUrlOf(options.baseUrl),
    headers: {
      accept: "application/json",
      ...(apiKey !== null && { authorization: `Bearer ${apiKey}` }),
      ...(tenant !== undefined && { "x-sluice-tenant": tenant }),
    },
    // Looked up at each call, and called without a receiver: browsers' fetch refuses any other.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    timeoutMs,
    retries,
    random,
    sleep,
    now,
  }
}

function baseUrlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol)) throw new TypeError(`baseUrl is "${text}": expected an http(s) URL.`)
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`
}

/** Said here without the value: fetch would repeat it in its own error, and it may be a secret. */
function assertHeaderValue(name: string, value: string): void {
  if (!/^[\x21-\x7e]+$/.test(value))
    throw new TypeError(`${name} is empty or has spaces, line breaks or other characters that no header takes.`)
}

function randomKey(): string {
  // Not `randomUUID`, which browsers have only on secure origins.
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
}
