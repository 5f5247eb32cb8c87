import { type Document, deserialize } from "bson"
import { duplicateKeyMessage } from "../engine/duplicate-key.ts"
import { bsonColumn } from "../engine/engine.ts"
import { codes, MongoError } from "../engine/mongo-error.ts"
import type { CommandHandler } from "./command.ts"

/**
 * Not create_indexes_background, DocumentDB's usual way: that one answers before the indexes enforce anything, and builds
 * them seconds later. This one answers when they stand.
 */
const statement = {
  name: "createIndexes",
  text: "select documentdb_api_internal.create_indexes_non_concurrently($1, $2::documentdb_core.bson, true) as reply",
}

export const createIndexes: CommandHandler = async ({ database, body }, { engine }) => {
  try {
    return bsonColumn(await engine.query(statement, [database, body]), "reply")
  } catch (error) {
    if (!(error instanceof MongoError) || error.code !== codes.duplicateKey.code) throw error
    throw new MongoError(codes.duplicateKey, duplicateKeyMessage(uniqueIndexNames(body)))
  }
}

/** The index that collides was rolled back, and its name with it: it is one of those that were asked for. */
function uniqueIndexNames(body: Buffer): string {
  const { indexes }: Document = deserialize(body)
  return indexes
    .filter(({ unique }: Document) => unique)
    .map(({ name }: Document) => String(name))
    .join("' or '")
}
