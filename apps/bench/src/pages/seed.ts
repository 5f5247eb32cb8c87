import { addFigures, mergeUsageRows, type UsageRow, usageOfJob } from "@sluice/core"
import { type Collection, type Db, type Document, type IndexDescription, MongoBulkWriteError } from "mongodb"
import { accountable, type HistoryOptions, type JobDocument, jobAt } from "./make-history.ts"

const batchSize = 2_000
const duplicateKey = 11_000
/** As long as the rows are kept. */
const keptMs = { minute: 26 * 3_600_000, hour: 8 * 86_400_000, day: Number.POSITIVE_INFINITY } as const

export interface SeedOptions extends HistoryOptions {
  readonly database: Db
  readonly say: (line: string) => void
}

/** Writes the history with its books, from where an earlier run was interrupted. */
export async function seed(options: SeedOptions): Promise<void> {
  const { database, jobs, endMs, say } = options
  const collection = database.collection<JobDocument>("jobs")
  // What one batch left out another run has to write, so the last batch is written again.
  const begun = Math.max(0, (await collection.estimatedDocumentCount()) - batchSize)
  const isThere = (await collection.estimatedDocumentCount()) >= jobs && (await database.collection("usage").findOne({ page: 0 })) !== null
  if (isThere) return
  const restoreIndexes = await dropIndexes(collection)
  const rows = new Map<string, UsageRow>()
  for (let first = 0; first < jobs; first += batchSize) {
    const batch = Array.from({ length: Math.min(batchSize, jobs - first) }, (_, offset) => jobAt(options, first + offset))
    const added = batch.flatMap((job) => usageOfJob(accountable(job))).filter(({ grain, at }) => endMs - at.getTime() < keptMs[grain])
    for (const [id, row] of mergeUsageRows(added)) {
      const before = rows.get(id)
      rows.set(id, before ? { ...before, figures: addFigures(before.figures, row.figures) } : row)
    }
    if (first + batchSize > begun) await insert(collection, batch)
    if (first % (batchSize * 25) === 0) say(`${first.toLocaleString("en")} of ${jobs.toLocaleString("en")} jobs`)
  }
  say("indexes")
  await restoreIndexes()
  const usage = database.collection<Document & { _id: string }>("usage")
  const documents = Array.from(rows, ([_id, row]) => ({ _id, ...row, page: 0 }))
  for (let first = 0; first < documents.length; first += batchSize) await insert(usage, documents.slice(first, first + batchSize))
  say(`${documents.length.toLocaleString("en")} rows of usage`)
}

/** A million inserts into two dozen indexes take ten times as long as making them once, afterwards. Resolves to what does that. */
async function dropIndexes(collection: Collection<JobDocument>): Promise<() => Promise<void>> {
  const indexes = (await collection.indexes()).filter(({ name }) => name !== "_id_")
  if (indexes.length > 0) await collection.dropIndexes()
  return async () => {
    for (const { v: _version, ns: _namespace, ...index } of indexes) await collection.createIndexes([index as IndexDescription])
  }
}

/** What is there already stays. */
async function insert<T extends Document>(collection: Collection<T>, documents: readonly T[]): Promise<void> {
  try {
    await collection.insertMany(documents as never, { ordered: false })
  } catch (error) {
    const isRepeated = error instanceof MongoBulkWriteError && [error.writeErrors].flat().every(({ code }) => code === duplicateKey)
    if (!isRepeated) throw error
  }
}
