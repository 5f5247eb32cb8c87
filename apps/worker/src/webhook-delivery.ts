import { randomUUID } from "node:crypto"
import type { Tracer } from "@sluice/core"
import {
  createDeliverer,
  createEventAnnouncer,
  createFanOut,
  createWebhookUpkeep,
  type Deliverer,
  deliverySettingsOf,
  type EventAnnouncer,
  type FanOut,
  runPeriodically,
} from "@sluice/engine"
import type { LiveCatalog, Logger, Releasers } from "@sluice/runtime"
import type { Store } from "@sluice/store"
import { createWebhookSender, webhookPolicy } from "@sluice/webhooks"
import { logDeliveries } from "./log-deliveries.ts"
import { measureDeliveries } from "./measure/measure-deliveries.ts"
import type { WorkerMetrics } from "./measure/worker-metrics.ts"

export interface WebhookDeliveryOptions {
  readonly store: Store
  readonly catalog: LiveCatalog
  /** Receivers may live anywhere: for tests. */
  readonly allowAll: boolean
  readonly logger: Logger
  readonly tracer: Tracer
  readonly metrics: WorkerMetrics
  readonly workerId: string
  readonly releasers: Releasers
  /** Aborted when the process shuts down. */
  readonly signal: AbortSignal
  /** How long requests under way may take to finish then. */
  readonly graceMs: number
}

export interface WebhookEvents {
  /** Hears of jobs that start and end. */
  readonly announcer: EventAnnouncer
  /** Tells webhooks of what is in jobs' outboxes, and of events that are in none. */
  readonly fanOut: FanOut
}

const upkeepEveryMs = 1_000

/** Delivers webhooks until the shutdown; returns whom to tell what happens. */
export function startWebhookDelivery(options: WebhookDeliveryOptions): WebhookEvents {
  const { store, catalog, logger, tracer, releasers, signal, graceMs, workerId } = options
  const clock = () => new Date()
  const settings = () => deliverySettingsOf(catalog.current().webhooks)
  const policy = () => webhookPolicy({ allowPrivate: catalog.current().webhooks.allowPrivate, allowAll: options.allowAll })
  const sender = createWebhookSender({ policy: policyOf(policy, catalog) })
  releasers.push({ name: "webhook sender", release: () => sender.close() })

  const stores = { store: store.jobs, deliveries: store.deliveries, endpoints: store.webhookEndpoints, clock }
  const observer = measureDeliveries(options.metrics, logDeliveries(logger))
  const deliverer = createDeliverer({ ...stores, sender, settings, observer, tracer, random: Math.random, newToken: randomUUID })
  closeWith(deliverer, { releasers, signal, graceMs })

  const onDeliveries = () => deliverer.wake()
  const fanOut = createFanOut({
    ...stores,
    firstWaitMs: () => settings().scheduleMs[0] ?? 0,
    deadLetterRetentionMs: () => catalog.current().deadLetters.retentionMs,
    onDeliveries,
  })
  const onError = (error: unknown) => logger.warn({ err: error }, "events could not be fanned out; it is tried again")
  const announcer = createEventAnnouncer({ fanOut, endpoints: store.webhookEndpoints, onError })
  releasers.push({ name: "events", release: () => announcer.close() })

  const upkeep = createWebhookUpkeep({
    ...stores,
    ...{ deadDeliveries: store.deadDeliveries, leases: store.leases, fanOut, holder: workerId, onDeliveries },
  })
  const keeping = runPeriodically(upkeep, { everyMs: upkeepEveryMs, signal, onError })
  releasers.push({ name: "webhook upkeep", release: () => keeping })
  return { announcer, fanOut }
}

/** Made anew only when the configuration has changed: it is asked for at each request. */
function policyOf(make: () => ReturnType<typeof webhookPolicy>, catalog: LiveCatalog): () => ReturnType<typeof webhookPolicy> {
  let policy = make()
  catalog.onChange(() => {
    policy = make()
  })
  return () => policy
}

/** Requests under way get the same time as jobs under way, and not a time after them. */
function closeWith(deliverer: Deliverer, { releasers, signal, graceMs }: Pick<WebhookDeliveryOptions, "releasers" | "signal" | "graceMs">) {
  let closing: Promise<void> | null = null
  const close = () => {
    closing ??= deliverer.close({ graceMs })
    return closing
  }
  signal.addEventListener("abort", () => void close(), { once: true })
  releasers.push({ name: "webhook delivery", release: close, timeoutMs: graceMs + 5_000 })
}
