import type { LeaseStore } from "@sluice/core"
import type { Document } from "mongodb"
import { type Database, type SendTo, sendTo } from "../connection/database.ts"
import { isDuplicateKey } from "../errors/duplicate-key.ts"
import { TryAgain } from "../errors/try-again.ts"
import type { Operations } from "../operations/operations.ts"

interface LeaseDocument {
  readonly _id: string
  readonly holder: string
  readonly expiresAt: Date
}

/**
 * Leases, one document each, taken and renewed by one atomic update that compares with the database's own clock: the
 * clocks of the processes do not matter. A holder must count its time from before it asked. When the primary of a replica
 * set changes, the clocks of its members decide, which should agree to well within a lease's time.
 */
export function createLeaseStore({ database, operations }: { readonly database: Database; readonly operations: Operations }): LeaseStore {
  const toLeases = sendTo<LeaseDocument>(database, "leases")
  return {
    acquire: ({ name, holder, ttlMs }) =>
      operations.run(`lease ${name}`, async () => {
        const lease = await take(toLeases, name, takeOver(holder, ttlMs))
        return lease?.holder === holder
      }),
    release: ({ name, holder }) =>
      operations.run(`release of lease ${name}`, async () => {
        await toLeases((leases) => leases.deleteOne({ _id: name, holder }))
      }),
  }
}

async function take(toLeases: SendTo<LeaseDocument>, name: string, update: Document[]): Promise<LeaseDocument | null> {
  try {
    return await toLeases((leases) => leases.findOneAndUpdate({ _id: name }, update, { upsert: true, returnDocument: "after" }))
  } catch (error) {
    if (isDuplicateKey(error)) throw new TryAgain("another process made the lease first")
    throw error
  }
}

/** Leaves a lease as it is unless it is the holder's own, or over, or new. */
function takeOver(holder: string, ttlMs: number): Document[] {
  const isFree = { $or: [{ $eq: ["$holder", { $literal: holder }] }, { $lte: [{ $ifNull: ["$expiresAt", new Date(0)] }, "$$NOW"] }] }
  return [
    { $set: { isFree } },
    {
      $set: {
        holder: { $cond: ["$isFree", { $literal: holder }, "$holder"] },
        expiresAt: { $cond: ["$isFree", { $add: ["$$NOW", ttlMs] }, "$expiresAt"] },
      },
    },
    { $unset: "isFree" },
  ]
}
