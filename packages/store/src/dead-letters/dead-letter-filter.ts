import { type DeadLetterFilter, type DeadLetterPosition, type DeadLetterState, type JobStatus, jobIdOfDeadLetter } from "@sluice/core"
import type { Filter } from "mongodb"
import { type JobDocument, unfinished } from "../jobs/job-document.ts"

/** The jobs whose dead letters a filter selects; null when it can select none. */
export function jobsOfFilter(filter: DeadLetterFilter): Filter<JobDocument> | null {
  if (filter.kind === "delivery") return null
  const { tenantId, route, batchId, errorType, endpoint } = filter
  const conditions: readonly Filter<JobDocument>[] = [
    stateCondition(filter.state),
    timeCondition(filter),
    idCondition(filter.ids),
    metadataCondition(filter.metadata),
    route === undefined ? {} : { route },
    batchId === undefined ? {} : { batchId },
    errorType === undefined ? {} : { "deadLetter.error.type": errorType },
    endpoint === undefined ? {} : { "deadLetter.error.endpoint": endpoint },
  ]
  const $and = conditions.filter((condition) => Object.keys(condition).length > 0)
  return { tenantId, $and: [{ "deadLetter.at": { $exists: true } }, ...$and] }
}

function stateCondition(state: DeadLetterState | undefined): Filter<JobDocument> {
  switch (state) {
    case undefined:
      return {}
    case "open":
    case "discarded":
      return { "deadLetter.state": state }
    case "replaying":
      return { "deadLetter.state": "replayed", ...hasStatus(unfinished) }
    case "resolved":
      return { "deadLetter.state": "replayed", ...hasStatus(["succeeded", "cancelled"]) }
  }
}

/** As an expression, for which no index is used: the planner would intersect the few that were replayed with all that ever succeeded. */
function hasStatus(statuses: readonly JobStatus[]): Filter<JobDocument> {
  return { $expr: { $in: ["$status", [...statuses]] } }
}

function timeCondition({ createdAfter, createdBefore }: DeadLetterFilter): Filter<JobDocument> {
  if (createdAfter === undefined && createdBefore === undefined) return {}
  return { "deadLetter.at": { ...(createdAfter && { $gt: createdAfter }), ...(createdBefore && { $lt: createdBefore }) } }
}

function idCondition(ids: readonly string[] | undefined): Filter<JobDocument> {
  return ids === undefined ? {} : { _id: { $in: ids.flatMap((id) => jobIdOfDeadLetter(id) ?? []) } }
}

function metadataCondition(metadata: DeadLetterFilter["metadata"] = {}): Filter<JobDocument> {
  const entries = Object.entries(metadata).map(([k, v]) => ({ k, v }))
  return entries.length > 0 ? { metadata: { $exists: true, $all: entries } } : {}
}

/** What comes after a place; the first condition alone already bounds the range in the index. */
export function jobsAfter({ createdAt, id }: DeadLetterPosition, order: "newest_first" | "oldest_first"): Filter<JobDocument> {
  // Also from a delivery's: the ids of both kinds stand in one order.
  const jobId = id.replace(/^dl_/, "job_")
  return order === "oldest_first"
    ? { "deadLetter.at": { $gte: createdAt }, $or: [{ "deadLetter.at": { $gt: createdAt } }, { _id: { $gt: jobId } }] }
    : { "deadLetter.at": { $lte: createdAt }, $or: [{ "deadLetter.at": { $lt: createdAt } }, { _id: { $lt: jobId } }] }
}
