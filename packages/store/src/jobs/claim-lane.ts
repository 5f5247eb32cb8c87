import type { JobStore } from "@sluice/core"
import type { AnyBulkWriteOperation, Document } from "mongodb"
import type { SendTo } from "../connection/database.ts"
import { itemErrors } from "../errors/item-errors.ts"
import { type JobDocument, knownVersion, unfinished } from "./job-document.ts"

export type ClaimRequest = Parameters<JobStore["claim"]>[0]

/** The job as the claim left it; `sent`: whose token it carries now is for the reader to find out. */
export type ClaimAnswer = JobDocument | "sent"

/**
 * Writes claims as one command, those with the same token as one statement: on the stand-in a third of the cost of as many
 * statements. One that is alone, as most are while there is little to do, brings its job along, which saves a round trip.
 */
export async function commitClaims(
  toJobs: SendTo<JobDocument>,
  claims: readonly ClaimRequest[],
): Promise<readonly (ClaimAnswer | Error)[]> {
  const [only] = claims
  return only && claims.length === 1 ? [await commitOne(toJobs, only)] : await commitMany(toJobs, claims)
}

async function commitOne(toJobs: SendTo<JobDocument>, request: ClaimRequest): Promise<ClaimAnswer> {
  const filter = { ...claimable(request), _id: request.id }
  const claimed = await toJobs((jobs) => jobs.findOneAndUpdate(filter, claimWith(request.claim), { returnDocument: "after" }))
  return claimed ?? "sent"
}

async function commitMany(toJobs: SendTo<JobDocument>, claims: readonly ClaimRequest[]): Promise<readonly ("sent" | Error)[]> {
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

function statementOf(group: readonly ClaimRequest[]): AnyBulkWriteOperation<JobDocument> {
  const latest = group.reduce((latest, request) => (request.claim.at > latest.claim.at ? request : latest), group[0] ?? missing())
  const filter = { ...claimable(latest), _id: { $in: group.map(({ id }) => id) } }
  return { updateMany: { filter, update: claimWith(latest.claim) } }
}

function claimable({ run, claim }: Pick<ClaimRequest, "run" | "claim">) {
  return { run, status: { $in: unfinished }, notBefore: { $not: { $gt: claim.at } }, ...knownVersion }
}

/** A pipeline, since only that can set `startedAt` where there is none yet, and count a claim that takes a job over. */
function claimWith(claim: ClaimRequest["claim"]): Document[] {
  const isTakeOver = { $eq: ["$status", "running"] }
  const set = {
    status: "running",
    claim: { $literal: claim },
    startedAt: { $ifNull: ["$startedAt", claim.at] },
    rescues: { $add: ["$rescues", { $cond: [isTakeOver, 1, 0] }] },
  }
  return [{ $set: set }, { $unset: ["notBefore", "enqueueDueAt"] }]
}

function missing(): never {
  throw new Error("A group of claims is never empty")
}
