import { deserialize } from "bson"
import { findField } from "../bson/raw-fields.ts"
import { bsonColumn } from "../engine/engine.ts"
import { codeOfSqlState, unpackSqlState } from "../engine/mongo-error.ts"
import type { CommandHandler, Reply } from "./command.ts"

/** insert, update and delete. Documents that came in a sequence of their own go to DocumentDB as the bytes that they are. */
export function writeCommand(name: "insert" | "update" | "delete", sequence: string): CommandHandler {
  const statement = {
    name,
    text: `select p_result from documentdb_api.${name}($1, $2::documentdb_core.bson, $3::documentdb_core.bsonsequence)`,
  }
  return async ({ database, target, body, sequences }, { engine }) => {
    const row = await engine.write(`${database}.${target}`, statement, [database, body, sequences.get(sequence) ?? null])
    return withMongoErrors(bsonColumn(row, "p_result"))
  }
}

const findAndModifyStatement = {
  name: "findAndModify",
  text: "select p_result from documentdb_api.find_and_modify($1, $2::documentdb_core.bson)",
}

export const findAndModify: CommandHandler = async ({ database, target, body }, { engine }) =>
  bsonColumn(await engine.write(`${database}.${target}`, findAndModifyStatement, [database, body]), "p_result")

/** Each write error carries PostgreSQL's code; clients expect MongoDB's. */
function withMongoErrors(result: Buffer): Reply {
  if (!findField(result, "writeErrors")) return result
  const reply = deserialize(result, { promoteValues: false, promoteLongs: false })
  const errors: Record<string, unknown>[] = reply.writeErrors
  return { ...reply, writeErrors: errors.map((error) => ({ ...error, ...codeOfSqlState(unpackSqlState(Number(error.code))) })) }
}
