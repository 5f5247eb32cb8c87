import type { BatchRef, BatchStore } from "@sluice/core"
import type { Filter, FindOptions, UpdateFilter } from "mongodb"
import { type Database, sendTo } from "../connection/database.ts"
import type { Operations } from "../operations/operations.ts"
import { type BatchDocument, batchesCollection, fromBatchDocument, knownVersion } from "./batch-document.ts"
import { insertBatch } from "./insert-batch.ts"
import { removeBatch } from "./remove-batch.ts"

/** Neither complete nor cancelled. */
const takesItems = { completedAt: { $exists: false }, cancelRequestedAt: { $exists: false } } as const

/** The `BatchStore` on a database that has its indexes. */
export function createBatchStore(options: { readonly database: Database; readonly operations: Operations }): BatchStore {
  const { database, operations } = options
  const toBatches = sendTo<BatchDocument>(database, batchesCollection)
  const update = (filter: Filter<BatchDocument>, change: UpdateFilter<BatchDocument>): Promise<number> =>
    operations.run("update of a batch", async () => (await toBatches((batches) => batches.updateOne(filter, change))).matchedCount)
  const findOne = async ({ tenantId, id }: BatchRef) => {
    const found = await toBatches((batches) => batches.findOne({ _id: id, tenantId, ...knownVersion }))
    return found && fromBatchDocument(found)
  }
  const findMany = (filter: Filter<BatchDocument>, { limit, sort }: Required<Pick<FindOptions, "limit" | "sort">>) =>
    operations.run("list of batches", async () => {
      const found = await toBatches((batches) =>
        batches.find({ ...filter, ...knownVersion }, { sort, limit, batchSize: limit + 1 }).toArray(),
      )
      return found.map(fromBatchDocument)
    })
  const byRef = ({ tenantId, id }: BatchRef) => ({ _id: id, tenantId })

  return {
    insert: insertBatch({ toBatches, operations }),
    find: (ref) => operations.run(`read of ${ref.id}`, () => findOne(ref)),
    list: ({ tenantId, before, limit }) =>
      findMany({ tenantId, ...(before !== null && { _id: { $lt: before } }) }, { sort: { _id: -1 }, limit }),
    open: ({ at, ...ref }) =>
      operations.run(`opening of ${ref.id}`, async () => {
        const change = { $set: { isClosed: false, addedAt: at }, $inc: { submission: 1 } }
        // A repeated one after an unknown outcome counts twice, which nobody minds: the latest closes.
        const opened = await toBatches((batches) =>
          batches.findOneAndUpdate({ ...byRef(ref), ...takesItems }, change, { returnDocument: "after" }),
        )
        return opened && fromBatchDocument(opened)
      }),
    keepOpen: async ({ at, ...ref }) => (await update({ ...byRef(ref), ...takesItems }, { $set: { addedAt: at } })) > 0,
    close: async ({ submission, ...ref }) => {
      await update({ ...byRef(ref), submission }, { $set: { isClosed: true } })
    },
    cancel: ({ at, ...ref }) =>
      operations.run(`cancellation of ${ref.id}`, async () => {
        await toBatches((batches) => batches.updateOne({ ...byRef(ref), ...takesItems }, { $set: { cancelRequestedAt: at } }))
        return await findOne(ref)
      }),
    findActive: ({ limit }) => findMany({ isActive: true }, { sort: { countedAt: 1 }, limit }),
    recordCounts: async ({ id, counts, at }) => {
      await update({ _id: id }, { $set: { counts, countedAt: at } })
    },
    complete: async ({ batch: { id, submission, addedAt }, counts, at }) => {
      const mayEnd = { completedAt: { $exists: false }, $or: [{ isClosed: true }, { cancelRequestedAt: { $exists: true } }] }
      const change = { $set: { counts, countedAt: at, completedAt: at } }
      return (await update({ _id: id, submission, addedAt, ...mayEnd }, change)) > 0
    },
    markAnnounced: async ({ id }) => {
      await update({ _id: id }, { $set: { isAnnounced: true } })
    },
    activate: async ({ until, ...ref }) => {
      await update(byRef(ref), { $set: { isActive: true }, $max: { activeUntil: until } })
    },
    settle: async ({ id, counts, at }) => {
      const filter = { _id: id, isAnnounced: true, activeUntil: { $not: { $gt: at } } }
      await update(filter, { $set: { counts, countedAt: at }, $unset: { isActive: true } })
    },
    findSettled: ({ completedBefore, after, limit }) => {
      const behind = after === null ? {} : { _id: { $gt: after } }
      const settled = { completedAt: { $exists: true, $lt: completedBefore }, isActive: { $exists: false } }
      return findMany({ ...settled, ...behind }, { sort: { _id: 1 }, limit })
    },
    remove: removeBatch({ database, operations }),
  }
}
