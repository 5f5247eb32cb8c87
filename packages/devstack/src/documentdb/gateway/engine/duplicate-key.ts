import type { DatabaseError, Pool } from "pg"
import { codes, MongoError } from "./mongo-error.ts"

const nameOfIndex = {
  name: "nameOfIndex",
  text: "select (index_spec).index_name as name from documentdb_api_catalog.collection_indexes where index_id = $1",
}

/**
 * Most commands report a duplicate key as MongoDB does, but some (findAndModify, createIndexes) let PostgreSQL's own error
 * through, which names the constraint behind the index. `undefined` for any other error.
 */
export async function duplicateKeyError(error: DatabaseError, pool: Pool): Promise<MongoError | undefined> {
  if (error.code !== "23P01" && error.code !== "23505") return undefined // exclusion_violation, unique_violation
  const name = await indexName(error.constraint ?? "", pool)
  return new MongoError(codes.duplicateKey, duplicateKeyMessage(name))
}

/** In the words that DocumentDB itself has for it. */
export function duplicateKeyMessage(indexName: string): string {
  return `Duplicate key violation on the requested collection: Index '${indexName}'`
}

async function indexName(constraint: string, pool: Pool): Promise<string> {
  if (constraint.startsWith("collection_pk_")) return "_id_"
  const id = /^documents_rum_index_(\d+)$/.exec(constraint)?.[1]
  const { rows } =
    id === undefined ? { rows: [] } : await pool.query<{ name: string }>({ ...nameOfIndex, values: [id] }).catch(() => ({ rows: [] }))
  return rows[0]?.name ?? constraint
}
