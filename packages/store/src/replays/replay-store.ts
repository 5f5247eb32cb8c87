import type { ReplayProgress, ReplayStore } from "@sluice/core"
import type { Document, Filter } from "mongodb"
import { type Database, sendTo } from "../connection/database.ts"
import type { Operations } from "../operations/operations.ts"
import { fromReplayDocument, type ReplayDocument, replaySchemaVersion, replaysCollection, toReplayDocument } from "./replay-document.ts"

/** Replays of a newer release are left to its processes. */
const knownVersion = { schemaVersion: { $lte: replaySchemaVersion } } as const

/** The `ReplayStore` on a database that has its indexes. */
export function createReplayStore({ database, operations }: { readonly database: Database; readonly operations: Operations }): ReplayStore {
  const toReplays = sendTo<ReplayDocument>(database, replaysCollection)
  const change = (id: string, $set: Partial<ReplayDocument>): Promise<void> =>
    operations.run(`progress of ${id}`, async () => {
      await toReplays((replays) => replays.updateOne({ _id: id }, { $set }))
    })
  const page = async (filter: Filter<ReplayDocument>, { direction, limit }: { readonly direction: 1 | -1; readonly limit: number }) => {
    const options = { sort: { _id: direction }, limit, batchSize: limit + 1 }
    return (await toReplays((replays) => replays.find({ ...filter, ...knownVersion }, options).toArray())).map(fromReplayDocument)
  }
  const findOne = async (filter: Filter<ReplayDocument>) => {
    const found = await toReplays((replays) => replays.findOne(filter))
    return found && fromReplayDocument(found)
  }
  return {
    insert: (replay) =>
      operations.run(`insert of ${replay.id}`, async () => {
        const { _id, ...document } = toReplayDocument(replay)
        await toReplays((replays) => replays.updateOne({ _id }, { $setOnInsert: document }, { upsert: true }))
      }),
    find: ({ tenantId, id }) => operations.run(`read of ${id}`, () => findOne({ _id: id, tenantId })),
    list: ({ tenantId, before, limit }) =>
      operations.run("list of replays", () =>
        page({ tenantId, ...(before !== null && { _id: { $lt: before } }) }, { direction: -1, limit }),
      ),
    findActive: ({ limit }) => operations.run("search for active replays", () => page({ isActive: true }, { direction: 1, limit })),
    advance: ({ id, position, isRequeued }) => change(id, { position, isRequeued }),
    recordProgress: ({ id, progress, finishedAt }) =>
      operations.run(`progress of ${id}`, async () => {
        const update = finishedAt === null ? { $set: { progress } } : finish(progress, finishedAt)
        await toReplays((replays) => replays.updateOne({ _id: id }, update))
      }),
    cancel: ({ tenantId, id, at }) =>
      operations.run(`cancellation of ${id}`, async () => {
        const update = { $set: { status: "cancelled", cancelRequestedAt: at } } as const
        await toReplays((replays) => replays.updateOne({ _id: id, tenantId, status: "running" }, update))
        return await findOne({ _id: id, tenantId })
      }),
  }
}

/** A pipeline, since one that was cancelled stays so. */
function finish(progress: ReplayProgress, finishedAt: Date): Document[] {
  const status = { $cond: [{ $eq: ["$status", "running"] }, "completed", "$status"] }
  return [{ $set: { progress, finishedAt, status } }, { $unset: "isActive" }]
}
