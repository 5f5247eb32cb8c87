import { rotateSecrets, type WebhookEndpoint, type WebhookSecret } from "../delivery/webhook-endpoint.ts"
import type { WebhookEndpointRef, WebhookEndpointStore, WebhookRecovery } from "../ports/webhook-endpoint-store.ts"

/** Endpoints in maps. It passes the same conformance suite as the real store. */
export function createMemoryWebhookEndpointStore(): WebhookEndpointStore {
  const endpoints = new Map<string, WebhookEndpoint>()
  const nextSends = new Map<string, number>()
  const secrets = new Map<string, readonly WebhookSecret[]>()
  const recoveries = new Map<string, WebhookRecovery>()
  const found = ({ tenantId, id }: WebhookEndpointRef) => {
    const endpoint = endpoints.get(id)
    return endpoint?.tenantId === tenantId ? endpoint : null
  }
  const change = (endpoint: WebhookEndpoint | null | undefined, changes: Partial<WebhookEndpoint>) => {
    if (!endpoint) return null
    const changed = { ...endpoint, ...changes }
    endpoints.set(endpoint.id, changed)
    return changed
  }

  return {
    insert(endpoint) {
      if (!endpoints.has(endpoint.id)) endpoints.set(endpoint.id, endpoint)
      return Promise.resolve()
    },
    find: (ref) => Promise.resolve(found(ref)),
    list({ tenantId, before, limit }) {
      const own = [...endpoints.values()].filter((endpoint) => endpoint.tenantId === tenantId && (before === null || endpoint.id < before))
      return Promise.resolve(own.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit))
    },
    findMany: (ids) => Promise.resolve([...endpoints.values()].filter(({ id }) => ids.includes(id))),
    listenersOf(tenantIds) {
      const isMeant = ({ tenantId, disabled }: WebhookEndpoint) =>
        disabled?.reason !== "manual" && (tenantIds === null || tenantIds.includes(tenantId))
      return Promise.resolve([...endpoints.values()].filter(isMeant))
    },
    findDisabled({ limit }) {
      const isOff = ({ disabled }: WebhookEndpoint) => disabled !== null && disabled.reason !== "manual"
      return Promise.resolve([...endpoints.values()].filter(isOff).slice(0, limit))
    },
    update: ({ at, changes, ...ref }) => Promise.resolve(change(found(ref), { ...changes, updatedAt: at })),
    remove: (ref) => Promise.resolve(found(ref) !== null && endpoints.delete(ref.id)),
    rotateSecret({ secret, at, overlapMs, ...ref }) {
      const endpoint = found(ref)
      const rotated = endpoint ? rotateSecrets(endpoint.secrets, { secret, at, overlapMs }) : []
      return Promise.resolve(change(endpoint, { secrets: rotated, updatedAt: at }))
    },
    noteFailure({ id, at }) {
      const endpoint = endpoints.get(id)
      return Promise.resolve(change(endpoint, { failingSince: endpoint?.failingSince ?? at })?.failingSince ?? null)
    },
    noteSuccess({ id }) {
      change(endpoints.get(id), { failingSince: null })
      return Promise.resolve()
    },
    disable({ id, reason, at }) {
      const endpoint = endpoints.get(id)
      if (!endpoint || endpoint.disabled) return Promise.resolve(false)
      change(endpoint, { disabled: { reason, at }, updatedAt: at })
      return Promise.resolve(true)
    },
    bookSends({ id, at, count, intervalMs, horizonMs }) {
      const first = Math.max(nextSends.get(id) ?? 0, at.getTime())
      const fitting = Math.max(0, Math.floor((at.getTime() + horizonMs - first) / intervalMs) + 1)
      const booked = Math.min(count, fitting)
      nextSends.set(id, first + booked * intervalMs)
      return Promise.resolve(Array.from({ length: booked }, (_, index) => new Date(first + index * intervalMs)))
    },
    tenantSecrets({ tenantId, at, make }) {
      const known = secrets.get(tenantId) ?? [{ secret: make(), createdAt: at, expiresAt: null }]
      secrets.set(tenantId, known)
      return Promise.resolve(known)
    },
    rotateTenantSecret({ tenantId, ...next }) {
      const rotated = rotateSecrets(secrets.get(tenantId) ?? [], next)
      secrets.set(tenantId, rotated)
      return Promise.resolve(rotated)
    },
    insertRecovery(recovery) {
      recoveries.set(recovery.id, recovery)
      return Promise.resolve()
    },
    findRecovery({ tenantId, id, recoveryId }) {
      const recovery = recoveries.get(recoveryId)
      return Promise.resolve(recovery?.tenantId === tenantId && recovery.endpointId === id ? recovery : null)
    },
    runningRecoveries: ({ limit }) => Promise.resolve([...recoveries.values()].filter(({ finishedAt }) => !finishedAt).slice(0, limit)),
    finishRecovery({ id, at }) {
      const recovery = recoveries.get(id)
      if (recovery) recoveries.set(id, { ...recovery, finishedAt: at })
      return Promise.resolve()
    },
  }
}
