import { type UsageRow, usageRowId } from "@sluice/core"
import type { SendTo } from "../connection/database.ts"
import { DuplicateKeyError, itemErrors } from "../errors/item-errors.ts"
import type { UsageDocument } from "./usage-document.ts"

/** Sets rows whole. One that a later page has set does not match, so that its insert meets a duplicate key: it stays as it is. */
export async function writeUsageRows(toUsage: SendTo<UsageDocument>, page: number, rows: readonly UsageRow[]): Promise<void> {
  if (rows.length === 0) return
  const documents = rows.map((row) => ({ _id: usageRowId(row), ...row, page })).sort((a, b) => (a._id < b._id ? -1 : 1))
  const operations = documents.map(({ _id, ...document }) => ({
    updateOne: { filter: { _id, page: { $lt: page } }, update: { $set: document }, upsert: true },
  }))
  try {
    await toUsage((usage) => usage.bulkWrite(operations, { ordered: false }))
  } catch (error) {
    for (const refused of itemErrors(error).values()) if (!(refused instanceof DuplicateKeyError)) throw refused
  }
}
