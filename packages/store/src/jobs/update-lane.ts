import { BSON, type Document, type Filter, type UpdateFilter } from "mongodb"
import type { SendTo } from "../connection/database.ts"
import { DocumentTooLargeError, maxDocumentBytes } from "../errors/document-too-large-error.ts"
import { itemErrors } from "../errors/item-errors.ts"
import type { JobDocument } from "./job-document.ts"

/** A conditional write to one job. Filters are equality and ranges on the document's fields; an update is operators or a pipeline. */
export interface JobUpdate {
  readonly filter: Filter<JobDocument> & { readonly _id: string }
  readonly update: UpdateFilter<JobDocument> | Document[]
}

/** A bulk write tells only how many of its items matched: if not all did, each may be the one that did not. */
export type UpdateAnswer = "matched" | "unsure"

/** The size of an update in bytes. Throws `DocumentTooLargeError` for one that no document can take. */
export function updateBytes({ filter, update }: JobUpdate): number {
  const bytes = BSON.calculateObjectSize({ q: filter, u: update }, { ignoreUndefined: true })
  if (bytes >= maxDocumentBytes) {
    throw new DocumentTooLargeError({ what: `The update of job ${filter._id}`, bytes, maxBytes: maxDocumentBytes })
  }
  return bytes
}

/** Writes updates as one command. */
export async function commitUpdates(
  toJobs: SendTo<JobDocument>,
  updates: readonly JobUpdate[],
): Promise<readonly (UpdateAnswer | Error)[]> {
  const operations = updates.map(({ filter, update }) => ({ updateOne: { filter, update } }))
  try {
    const { matchedCount } = await toJobs((jobs) => jobs.bulkWrite(operations, { ordered: false }))
    return updates.map(() => (matchedCount === updates.length ? "matched" : "unsure"))
  } catch (error) {
    const refused = itemErrors(error)
    return updates.map((_, index) => refused.get(index) ?? "unsure")
  }
}
