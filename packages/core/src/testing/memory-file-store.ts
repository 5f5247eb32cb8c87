import type { StoredFile } from "../files/stored-file.ts"
import type { FileStore } from "../ports/file-store.ts"

/** Files in a map. */
export function createMemoryFileStore(): FileStore {
  const files = new Map<string, StoredFile>()
  const own = ({ tenantId, id }: { readonly tenantId: string; readonly id: string }) => {
    const file = files.get(id)
    return file?.tenantId === tenantId ? file : null
  }
  return {
    insert(file) {
      if (!files.has(file.id)) files.set(file.id, file)
      return Promise.resolve()
    },
    find: (ref) => Promise.resolve(own(ref)),
    list({ tenantId, purpose, after, order, limit }) {
      const direction = order === "oldest" ? 1 : -1
      const compare = (a: string, b: string) => direction * (a < b ? -1 : Number(a > b))
      const page = [...files.values()]
        .filter((file) => file.tenantId === tenantId && (purpose === null || file.purpose === purpose))
        .filter(({ id }) => after === null || compare(id, after) > 0)
        .sort((a, b) => compare(a.id, b.id))
      return Promise.resolve(page.slice(0, limit))
    },
    remove: (ref) => Promise.resolve(own(ref) !== null && files.delete(ref.id)),
    findExpired({ at, limit }) {
      const expired = [...files.values()].filter(({ expiresAt }) => expiresAt <= at)
      const sorted = expired.sort((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime())
      return Promise.resolve(sorted.slice(0, limit).map(({ tenantId, id }) => ({ tenantId, id })))
    },
  }
}
