import { type Admission, alertRulesOf, StorageUnavailableError, type TenantDirectory } from "@sluice/core"
import { combineDeadLetters, createEvaluateAlerts, createSendNotices, runPeriodically } from "@sluice/engine"
import { createQueueInspector, type RedisHandle } from "@sluice/redis"
import type { Credentials, LiveCatalog, Logger, Releasers } from "@sluice/runtime"
import type { Store } from "@sluice/store"
import { createAlertSender, createWebhookSender, webhookPolicy } from "@sluice/webhooks"
import { logAlerts, logMessage } from "./log-alerts.ts"

export interface AttendAlertsOptions {
  readonly store: Store
  readonly redis: RedisHandle
  readonly admission: Admission
  readonly catalog: LiveCatalog
  readonly tenants: TenantDirectory
  readonly credentials: Credentials
  readonly workerId: string
  readonly logger: Logger
  readonly releasers: Releasers
  /** Aborted when the process shuts down. */
  readonly signal: AbortSignal
}

const tickMs = 1_000

/** Takes this process's turns at looking at the rules and at telling people, until the signal. Without `alerts` it only ends what was. */
export function attendAlerts(options: AttendAlertsOptions): void {
  const { store, redis, admission, catalog, tenants, workerId, logger, releasers, signal } = options
  const clock = () => new Date()
  const settings = () => catalog.current().alerts
  const observer = logAlerts(logger)
  const common = { alerts: store.alerts, leases: store.leases, clock, holder: workerId, observer }
  const evaluate = createEvaluateAlerts({
    ...common,
    admission,
    queues: createQueueInspector({ redis }),
    reports: store.usageReports,
    scans: store.scans,
    webhookEndpoints: store.webhookEndpoints,
    deadLetters: combineDeadLetters([store.deadLetters, store.deadDeliveries]),
    tenants,
    canaries: store.canaries,
    catalog: catalog.current,
    rules: () => rulesOf(settings()),
  })
  const send = createSendNotices({
    ...common,
    sender: openSender(options),
    channels: () => settings()?.channels ?? {},
    publicUrl: () => catalog.current().publicUrl,
    signal,
  })
  const onError = (error: unknown) => {
    // An outage of the database is told of by all that work with it.
    if (!(error instanceof StorageUnavailableError)) logger.error({ err: error }, "alerts could not be looked after; it is tried again")
  }
  const whenDue = every(() => settings()?.everyMs ?? withoutRulesEveryMs)
  const attending = Promise.all([
    runPeriodically(async () => whenDue() && (await evaluate()), { everyMs: tickMs, signal, onError }),
    runPeriodically(async () => settings() !== null && (await send()), { everyMs: tickMs, signal, onError }),
  ])
  releasers.push({ name: "alerts", release: () => attending })
}

/** What fired when `alerts` was taken out of the configuration is over within this. */
const withoutRulesEveryMs = 60_000

function rulesOf(settings: ReturnType<LiveCatalog["current"]>["alerts"]) {
  return settings === null ? [] : alertRulesOf(settings)
}

function openSender({ credentials, logger, releasers }: AttendAlertsOptions) {
  // The addresses are the operator's own, so private ones are as good as any.
  const sender = createWebhookSender({ policy: webhookPolicy({ allowAll: true }) })
  releasers.push({ name: "alert channels", release: () => sender.close() })
  return createAlertSender({ sender, resolveSecret: credentials.resolve, writeLine: logMessage(logger), clock: () => new Date() })
}

/** Says whether so much time has gone by since it last said so. */
function every(everyMs: () => number): () => boolean {
  let lastMs = Number.NEGATIVE_INFINITY
  return () => {
    const nowMs = performance.now()
    const isDue = nowMs - lastMs >= everyMs()
    if (isDue) lastMs = nowMs
    return isDue
  }
}
