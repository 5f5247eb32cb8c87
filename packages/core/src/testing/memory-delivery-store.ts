import { type Delivery, settleDelivery } from "../delivery/delivery.ts"
import type { DeliveryStore, RecoverBatch } from "../ports/delivery-store.ts"

/** Deliveries in a map. It passes the same conformance suite as the real store. */
export function createMemoryDeliveryStore(): DeliveryStore {
  const deliveries = new Map<string, Delivery>()
  const all = () => [...deliveries.values()]
  const put = (delivery: Delivery) => deliveries.set(delivery.id, delivery)
  const newestFirst = () => all().sort((a, b) => (a.id < b.id ? 1 : -1))

  return {
    insert(added) {
      for (const delivery of added) if (!deliveries.has(delivery.id)) put(delivery)
      return Promise.resolve()
    },
    findDue({ at, limit, exceptLanes }) {
      const due = all().filter((delivery) => isDue(delivery, at) && !exceptLanes.includes(delivery.lane))
      due.sort((a, b) => Number(a.nextAttemptAt) - Number(b.nextAttemptAt))
      return Promise.resolve(due.slice(0, limit).map(({ id, lane }) => ({ id, lane })))
    },
    lease({ ids, at, until, token }) {
      const due = all().filter((delivery) => ids.includes(delivery.id) && isDue(delivery, at))
      for (const delivery of due) put({ ...delivery, leaseToken: token, nextAttemptAt: until })
      return Promise.resolve(all().filter(({ leaseToken }) => leaseToken === token))
    },
    settle({ id, token, settlement }) {
      const delivery = deliveries.get(id)
      if (delivery?.leaseToken === token) put(settleDelivery(delivery, settlement))
      return Promise.resolve()
    },
    find({ tenantId, id }) {
      const delivery = deliveries.get(id)
      return Promise.resolve(delivery?.tenantId === tenantId ? delivery : null)
    },
    ofJob: ({ tenantId, jobId }) =>
      Promise.resolve(
        newestFirst()
          .filter((delivery) => delivery.tenantId === tenantId && delivery.jobId === jobId)
          .reverse(),
      ),
    list({ tenantId, target, status, before, limit }) {
      const listed = newestFirst()
        .filter((delivery) => delivery.tenantId === tenantId && delivery.target === target)
        .filter((delivery) => (status === undefined || delivery.status === status) && (before === null || delivery.id < before))
      return Promise.resolve(listed.slice(0, limit))
    },
    redeliver({ tenantId, id, at }) {
      const delivery = deliveries.get(id)
      if (delivery?.tenantId !== tenantId) return Promise.resolve(null)
      if (delivery.leaseToken === null) put(madeAnew(delivery, at))
      return Promise.resolve(deliveries.get(id) ?? null)
    },
    recover(request) {
      const failed = all()
        .filter((delivery) => isRecoverable(delivery, request))
        .slice(0, request.limit)
      for (const delivery of failed) put({ ...madeAnew(delivery, request.at), recoveryId: request.recoveryId })
      return Promise.resolve(failed.length)
    },
    countRecovered: ({ recoveryId }) => Promise.resolve(all().filter((delivery) => delivery.recoveryId === recoveryId).length),
  }
}

function isDue({ status, nextAttemptAt }: Delivery, at: Date): boolean {
  return status === "pending" && nextAttemptAt !== null && nextAttemptAt <= at
}

function madeAnew(delivery: Delivery, at: Date): Delivery {
  return { ...delivery, status: "pending", roundTries: 0, nextAttemptAt: at, deliveredAt: null, failedAt: null, untoldAt: null }
}

function isRecoverable(delivery: Delivery, { recoveryId, tenantId, target, since, until }: RecoverBatch): boolean {
  const isOfTarget = delivery.tenantId === tenantId && delivery.target === target
  const isInTime = delivery.createdAt >= since && delivery.createdAt < until
  return isOfTarget && isInTime && delivery.status === "failed" && delivery.recoveryId !== recoveryId
}
