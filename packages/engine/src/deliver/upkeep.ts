import type { Clock, DeadDeliveries, DeliveryStore, JobStore, LeaseStore, WebhookEndpointStore, WebhookRecovery } from "@sluice/core"
import type { FanOut } from "./fan-out.ts"

export interface WebhookUpkeepDependencies {
  readonly store: JobStore
  readonly deliveries: DeliveryStore
  readonly endpoints: WebhookEndpointStore
  readonly leases: LeaseStore
  readonly deadDeliveries: Pick<DeadDeliveries, "findUntold" | "markTold">
  readonly fanOut: Pick<FanOut, "ofOutbox" | "ofDeadDeliveries">
  readonly clock: Clock
  /** Who does it: one process at a time. */
  readonly holder: string
  /** Told when a recovery has put deliveries back in line. */
  readonly onDeliveries: () => void
}

export interface WebhookUpkeepReport {
  /** False: another process does it. */
  readonly led: boolean
  readonly fannedOut: number
  /** Dead letters of deliveries of which webhooks were told. */
  readonly toldDead: number
  readonly recovered: number
}

const leaseName = "webhook-upkeep"
const leaseTtlMs = 15_000
/** Whoever ended a job gets so long to fan its event out by itself. */
const fanOutGraceMs = 2_000
const batchSize = 200
const maxBatches = 20

/**
 * One look at what nobody else attends to: events that were not fanned out, because their process died or jobs ended
 * elsewhere; deliveries that were given up; recoveries. All go on where they stopped, whoever stops, and are safe when two do
 * them at once.
 */
export function createWebhookUpkeep(dependencies: WebhookUpkeepDependencies): () => Promise<WebhookUpkeepReport> {
  const { leases, holder } = dependencies
  return async () => {
    const led = await leases.acquire({ name: leaseName, holder, ttlMs: leaseTtlMs })
    if (!led) return { led, fannedOut: 0, toldDead: 0, recovered: 0 }
    const fannedOut = await fanOutMissed(dependencies)
    const toldDead = await tellOfDeadDeliveries(dependencies)
    const recovered = await goOnWithRecoveries(dependencies)
    return { led, fannedOut, toldDead, recovered }
  }
}

async function fanOutMissed({ store, fanOut, clock }: WebhookUpkeepDependencies): Promise<number> {
  const at = new Date(clock().getTime() - fanOutGraceMs)
  let count = 0
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const jobs = await store.findToFanOut({ at, limit: batchSize })
    count += await fanOut.ofOutbox(jobs)
    if (jobs.length < batchSize) break
  }
  return count
}

async function tellOfDeadDeliveries({ deadDeliveries, fanOut }: WebhookUpkeepDependencies): Promise<number> {
  let count = 0
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const untold = await deadDeliveries.findUntold({ limit: batchSize })
    await fanOut.ofDeadDeliveries(untold)
    await deadDeliveries.markTold(untold)
    count += untold.length
    if (untold.length < batchSize) break
  }
  return count
}

async function goOnWithRecoveries(dependencies: WebhookUpkeepDependencies): Promise<number> {
  let count = 0
  for (const recovery of await dependencies.endpoints.runningRecoveries({ limit: batchSize })) count += await goOn(dependencies, recovery)
  if (count > 0) dependencies.onDeliveries()
  return count
}

async function goOn({ deliveries, endpoints, clock }: WebhookUpkeepDependencies, recovery: WebhookRecovery): Promise<number> {
  const { id, tenantId, endpointId, since, createdAt } = recovery
  const range = { recoveryId: id, tenantId, target: endpointId, since, until: createdAt, limit: batchSize }
  let count = 0
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const recovered = await deliveries.recover({ ...range, at: clock() })
    count += recovered
    if (recovered > 0) continue
    await endpoints.finishRecovery({ id, at: clock() })
    break
  }
  return count
}
