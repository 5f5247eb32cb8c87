import { BSON } from "mongodb"
import type { SendTo } from "../connection/database.ts"
import { DocumentTooLargeError, maxDocumentBytes } from "../errors/document-too-large-error.ts"
import { itemErrors } from "../errors/item-errors.ts"
import type { JobDocument } from "./job-document.ts"

/** Kept free in a new job for what its execution adds: a result of 1 MiB at most, the ledger and the events. */
const headroomBytes = 2 * 1024 * 1024

const maxInsertBytes = maxDocumentBytes - headroomBytes

/** The size of a new job in bytes. Throws `DocumentTooLargeError` for one that would not be able to grow. */
export function insertBytes(document: JobDocument): number {
  const bytes = BSON.calculateObjectSize(document, { ignoreUndefined: true })
  if (bytes > maxInsertBytes) throw new DocumentTooLargeError({ what: `Job ${document._id}`, bytes, maxBytes: maxInsertBytes })
  return bytes
}

/** Writes new jobs as one command. One that a unique index refuses is answered with a `DuplicateKeyError`. */
export async function commitInserts(
  toJobs: SendTo<JobDocument>,
  documents: readonly JobDocument[],
): Promise<readonly ("inserted" | Error)[]> {
  try {
    await toJobs((jobs) => jobs.insertMany(documents, { ordered: false }))
    return documents.map(() => "inserted")
  } catch (error) {
    const refused = itemErrors(error)
    return documents.map((_, index) => refused.get(index) ?? "inserted")
  }
}
