import { type AlertBoard, createAlertBoard } from "@sluice/engine"
import type { Credentials, LiveCatalog, Logger, Releasers } from "@sluice/runtime"
import { createAlertSender, createWebhookSender, webhookPolicy } from "@sluice/webhooks"
import type { ApiStore } from "./deferred-store.ts"

export interface BuildAlertsOptions {
  readonly store: Pick<ApiStore, "alerts">
  readonly catalog: LiveCatalog
  readonly credentials: Credentials
  readonly logger: Logger
  readonly releasers: Releasers
}

/** What operators see of alerts. Tests of channels are sent from here; alerts themselves by a worker. */
export function buildAlerts({ store, catalog, credentials, logger, releasers }: BuildAlertsOptions): AlertBoard {
  const clock = () => new Date()
  // The addresses are the operator's own.
  const webhooks = createWebhookSender({ policy: webhookPolicy({ allowAll: true }) })
  releasers.push({ name: "alert channels", release: () => webhooks.close() })
  const sender = createAlertSender({
    sender: webhooks,
    resolveSecret: credentials.resolve,
    writeLine: ({ event, alert }) => logger.info({ event, rule: alert.rule }, alert.summary),
    clock,
  })
  return createAlertBoard({
    alerts: store.alerts,
    sender,
    channels: () => catalog.current().alerts?.channels ?? {},
    publicUrl: () => catalog.current().publicUrl,
    clock,
  })
}
