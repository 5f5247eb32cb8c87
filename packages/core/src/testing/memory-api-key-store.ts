import type { ApiKeyRef, ApiKeyStore } from "../ports/api-key-store.ts"
import { type ApiKey, rotateKeySecrets } from "../tenancy/api-key.ts"

/** Keys in a map. It passes the same conformance suite as the real store. */
export function createMemoryApiKeyStore(): ApiKeyStore {
  const keys = new Map<string, ApiKey>()
  /** Of each key, the number of its last change. */
  const changes = new Map<string, number>()
  let changesMade = 0
  const put = (key: ApiKey): ApiKey => {
    keys.set(key.id, key)
    changesMade += 1
    changes.set(key.id, changesMade)
    return key
  }
  const found = ({ tenantId, id }: ApiKeyRef): ApiKey | null => {
    const key = keys.get(id)
    return key?.tenantId === tenantId ? key : null
  }
  return {
    insert(key) {
      if (!keys.has(key.id)) put(key)
      return Promise.resolve()
    },
    find: (ref) => Promise.resolve(found(ref)),
    list({ tenantId, before, limit }) {
      const own = [...keys.values()].filter((key) => key.tenantId === tenantId && (before === null || key.id < before))
      return Promise.resolve(own.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit))
    },
    findByHash: (hash) => Promise.resolve([...keys.values()].find(({ secrets }) => secrets.some((one) => one.hash === hash)) ?? null),
    rotate({ hash, hint, at, overlapMs, ...ref }) {
      const key = found(ref)
      if (!key || key.revoked) return Promise.resolve(null)
      return Promise.resolve(put({ ...key, secrets: rotateKeySecrets(key.secrets, { hash, hint, at, overlapMs }) }))
    },
    revoke({ at, by, ...ref }) {
      const key = found(ref)
      return Promise.resolve(key && (key.revoked ? key : put({ ...key, revoked: { at, by } })))
    },
    changedSince(mark) {
      const seen = mark?.getTime() ?? Number.POSITIVE_INFINITY
      const changed = [...keys.values()].filter(({ id }) => (changes.get(id) ?? 0) > seen)
      return Promise.resolve({ changed, mark: new Date(changesMade) })
    },
    noteUses(uses) {
      for (const { id, at } of uses) {
        const key = keys.get(id)
        if (key && (key.lastUsedAt === null || key.lastUsedAt < at)) keys.set(id, { ...key, lastUsedAt: at })
      }
      return Promise.resolve()
    },
  }
}
