import type { JobStore } from "@sluice/core"
import type { AnyBulkWriteOperation } from "mongodb"
import type { SendTo } from "../connection/database.ts"
import { itemErrors } from "../errors/item-errors.ts"
import { type JobDocument, knownVersion, unfinished } from "./job-document.ts"

export type ClaimRequest = Parameters<JobStore["claim"]>[0]

/**
 * Writes claims as one command, those with the same token as one statement: on the stand-in a third of the cost of as many
 * statements. Whose token a job carries afterwards is for the reader to find out.
 */
export async function commitClaims(toJobs: SendTo<JobDocument>, claims: readonly ClaimRequest[]): Promise<readonly ("sent" | Error)[]> {
  const groups = [...Map.groupBy(claims, ({ run, claim }) => `${run} ${claim.workerId} ${claim.token}`).values()]
  try {
    await toJobs((jobs) => jobs.bulkWrite(groups.map(statementOf), { ordered: false }))
    return claims.map(() => "sent")
  } catch (error) {
    const refused = itemErrors(error)
    const reasons = new Map(groups.flatMap((group, index) => group.map((claim) => [claim, refused.get(index)] as const)))
    return claims.map((claim) => reasons.get(claim) ?? "sent")
  }
}

/** About what an id costs in its statement; claims are bounded by their number, not by their size. */
export const claimBytes = 64

/** A pipeline, since only that can set `startedAt` where there is none yet, and count a claim that takes a job over. */
function statementOf(group: readonly ClaimRequest[]): AnyBulkWriteOperation<JobDocument> {
  const claim = group.reduce((latest, { claim }) => (claim.at > latest.at ? claim : latest), group[0]?.claim ?? missing())
  const isTakeOver = { $eq: ["$status", "running"] }
  const set = {
    status: "running",
    claim: { $literal: claim },
    startedAt: { $ifNull: ["$startedAt", claim.at] },
    rescues: { $add: ["$rescues", { $cond: [isTakeOver, 1, 0] }] },
  }
  return {
    updateMany: {
      filter: {
        _id: { $in: group.map(({ id }) => id) },
        run: group[0]?.run ?? 0,
        status: { $in: unfinished },
        notBefore: { $not: { $gt: claim.at } },
        ...knownVersion,
      },
      update: [{ $set: set }, { $unset: ["notBefore", "enqueueDueAt"] }],
    },
  }
}

function missing(): never {
  throw new Error("A group of claims is never empty")
}
