import type { WorkerRegistry } from "@sluice/core"
import { type Database, sendTo } from "../connection/database.ts"
import type { Operations } from "../operations/operations.ts"

interface WorkerDocument {
  readonly _id: string
  readonly startedAt: Date
  readonly beatAt: Date
  readonly expiresAt: Date
}

/** How long after its last sign of life a worker is forgotten altogether. */
const forgottenAfterMs = 86_400_000

/** Workers' signs of life, one document each, timed by the database's own clock. */
export function createWorkerRegistry({
  database,
  operations,
}: {
  readonly database: Database
  readonly operations: Operations
}): WorkerRegistry {
  const toWorkers = sendTo<WorkerDocument>(database, "workers")
  return {
    beat: ({ workerId, ttlMs }) =>
      operations.run(`heartbeat of ${workerId}`, async () => {
        const set = { startedAt: { $ifNull: ["$startedAt", "$$NOW"] }, beatAt: "$$NOW", expiresAt: { $add: ["$$NOW", ttlMs] } }
        await toWorkers((workers) => workers.updateOne({ _id: workerId }, [{ $set: set }], { upsert: true }))
      }),
    leave: (workerId) =>
      operations.run(`departure of ${workerId}`, async () => {
        await toWorkers((workers) => workers.deleteOne({ _id: workerId }))
      }),
    live: () =>
      operations.run("search for live workers", async () => {
        const filter = { $expr: { $gt: ["$expiresAt", "$$NOW"] } }
        const found = await toWorkers((workers) => workers.find(filter, { projection: { _id: 1 } }).toArray())
        await toWorkers((workers) => workers.deleteMany({ $expr: { $lt: ["$expiresAt", { $subtract: ["$$NOW", forgottenAfterMs] }] } }))
        return found.map(({ _id }) => _id)
      }),
  }
}
