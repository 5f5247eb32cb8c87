import type { Batch } from "../batch/batch.ts"
import type { BatchRef, BatchStore } from "../ports/batch-store.ts"

/** Batches in a map. */
export function createMemoryBatchStore(): BatchStore {
  const batches = new Map<string, Batch>()
  const own = ({ tenantId, id }: BatchRef): Batch | null => {
    const batch = batches.get(id)
    return batch?.tenantId === tenantId ? batch : null
  }
  /** Changes one that fulfils a condition, and returns it as it is then. */
  const changeIf = (batch: Batch | null | undefined, condition: (batch: Batch) => boolean, changed: Partial<Batch>): Batch | null => {
    if (!batch || !condition(batch)) return null
    const next = { ...batch, ...changed }
    batches.set(batch.id, next)
    return next
  }
  const takesItems = ({ completedAt, cancelRequestedAt }: Batch) => completedAt === null && cancelRequestedAt === null
  const any = () => true

  return {
    insert(batch) {
      const { tenantId, idempotencyKey } = batch
      const holder = [...batches.values()].find(
        (one) => idempotencyKey !== null && one.idempotencyKey === idempotencyKey && one.tenantId === tenantId,
      )
      if (holder && holder.id !== batch.id) return Promise.resolve({ kind: "existing", batch: holder })
      if (!batches.has(batch.id)) batches.set(batch.id, batch)
      return Promise.resolve({ kind: "inserted" })
    },
    find: (ref) => Promise.resolve(own(ref)),
    list({ tenantId, before, limit }) {
      const found = [...batches.values()].filter((batch) => batch.tenantId === tenantId && (before === null || batch.id < before))
      return Promise.resolve(found.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit))
    },
    open({ at, ...ref }) {
      const batch = own(ref)
      const changed = { submission: (batch?.submission ?? 0) + 1, isClosed: false, addedAt: at }
      return Promise.resolve(changeIf(batch, takesItems, changed))
    },
    keepOpen: ({ at, ...ref }) => Promise.resolve(changeIf(own(ref), takesItems, { addedAt: at }) !== null),
    close({ submission, ...ref }) {
      changeIf(own(ref), (batch) => batch.submission === submission, { isClosed: true })
      return Promise.resolve()
    },
    cancel({ at, ...ref }) {
      changeIf(own(ref), takesItems, { cancelRequestedAt: at })
      return Promise.resolve(own(ref))
    },
    findActive({ limit }) {
      const active = [...batches.values()].filter(({ isActive }) => isActive)
      return Promise.resolve(active.sort((a, b) => Number(a.countedAt) - Number(b.countedAt)).slice(0, limit))
    },
    recordCounts({ id, counts, at }) {
      changeIf(batches.get(id), any, { counts, countedAt: at })
      return Promise.resolve()
    },
    complete({ batch: { id, submission, addedAt }, counts, at }) {
      const isSame = (batch: Batch) => batch.submission === submission && Number(batch.addedAt) === Number(addedAt)
      const mayEnd = (batch: Batch) => batch.completedAt === null && (batch.isClosed || batch.cancelRequestedAt !== null)
      const completed = { counts, countedAt: at, completedAt: at }
      return Promise.resolve(changeIf(batches.get(id), (batch) => isSame(batch) && mayEnd(batch), completed) !== null)
    },
    markAnnounced({ id }) {
      changeIf(batches.get(id), any, { isAnnounced: true })
      return Promise.resolve()
    },
    activate({ until, ...ref }) {
      const batch = own(ref)
      const later = batch?.activeUntil && batch.activeUntil > until ? batch.activeUntil : until
      changeIf(batch, any, { isActive: true, activeUntil: later })
      return Promise.resolve()
    },
    settle({ id, counts, at }) {
      const isOver = ({ isAnnounced, activeUntil }: Batch) => isAnnounced && (activeUntil === null || activeUntil <= at)
      changeIf(batches.get(id), isOver, { counts, countedAt: at, isActive: false })
      return Promise.resolve()
    },
    findSettled({ completedBefore, after, limit }) {
      const isOld = ({ completedAt }: Batch) => completedAt !== null && completedAt < completedBefore
      const settled = [...batches.values()].filter((batch) => !batch.isActive && isOld(batch) && (after === null || batch.id > after))
      return Promise.resolve(settled.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit))
    },
    remove(ref) {
      if (own(ref)) batches.delete(ref.id)
      return Promise.resolve()
    },
  }
}
