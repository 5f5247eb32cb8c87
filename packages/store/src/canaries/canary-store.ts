import { type CanaryResult, type CanaryStore, canaryKeyOf } from "@sluice/core"
import { type Database, sendTo } from "../connection/database.ts"
import { isDuplicateKey } from "../errors/duplicate-key.ts"
import type { Operations } from "../operations/operations.ts"

/** One for each, found by `_id`; there are as many as the configuration has. */
interface CanaryDocument {
  readonly _id: string
  readonly claimedAt: Date
  readonly result?: CanaryResult
}

/** The `CanaryStore` on a database. */
export function createCanaryStore({ database, operations }: { readonly database: Database; readonly operations: Operations }): CanaryStore {
  const toCanaries = sendTo<CanaryDocument>(database, "canaries")
  return {
    list: () =>
      operations.run("read of what came of canaries", async () => {
        const found = await toCanaries((canaries) => canaries.find({ result: { $exists: true } }).toArray())
        return found.flatMap(({ result }) => result ?? [])
      }),
    claim: ({ at, everyMs, ...ref }) =>
      operations.run("turn of a canary", async () => {
        const isDue = { _id: canaryKeyOf(ref), claimedAt: { $lte: new Date(at.getTime() - everyMs) } }
        try {
          const { matchedCount, upsertedCount } = await toCanaries((canaries) =>
            canaries.updateOne(isDue, { $set: { claimedAt: at } }, { upsert: true }),
          )
          return matchedCount + upsertedCount === 1
        } catch (error) {
          // It is there, and not due.
          if (isDuplicateKey(error)) return false
          throw error
        }
      }),
    record: (result) =>
      operations.run("result of a canary", async () => {
        const update = { $set: { result }, $setOnInsert: { claimedAt: result.checkedAt } }
        await toCanaries((canaries) => canaries.updateOne({ _id: canaryKeyOf(result) }, update, { upsert: true }))
      }),
    retain: (refs) =>
      operations.run("removal of canaries", async () => {
        await toCanaries((canaries) => canaries.deleteMany({ _id: { $nin: refs.map(canaryKeyOf) } }))
      }),
  }
}
