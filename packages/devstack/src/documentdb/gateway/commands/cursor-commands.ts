import { deserialize, Long } from "bson"
import { numberValue, rawFields } from "../bson/raw-fields.ts"
import type { CursorStore } from "../cursors/cursor-store.ts"
import { bsonColumn, type Engine, type Row } from "../engine/engine.ts"
import { codes, MongoError } from "../engine/mongo-error.ts"
import type { Command, CommandHandler } from "./command.ts"

/** A command whose reply is the first batch of a cursor; `name` is also the name of DocumentDB's function for it. */
export function firstBatch(name: string): CommandHandler {
  const statement = {
    name,
    text: `select cursorpage, continuation, cursorid from documentdb_api.${name}_cursor_first_page($1, $2::documentdb_core.bson)`,
  }
  return async ({ database, body }, { engine, cursors }) => {
    const row = await engine.query(statement, [database, body])
    if (typeof row.cursorid === "string") keep(cursors, row.cursorid, row)
    return bsonColumn(row, "cursorpage")
  }
}

const getMoreStatement = {
  name: "getMore",
  text: "select cursorpage, continuation from documentdb_api.cursor_get_more($1, $2::documentdb_core.bson, $3::documentdb_core.bson)",
}

export const getMore: CommandHandler = async (command, { engine, cursors }) => {
  const id = cursorId(command)
  const continuation = cursors.take(id)
  if (!continuation) throw new MongoError(codes.cursorNotFound, `cursor id ${id} not found`)
  const row = await engine.query(getMoreStatement, [command.database, command.body, continuation])
  keep(cursors, id, row)
  return bsonColumn(row, "cursorpage")
}

export const killCursors: CommandHandler = async ({ body }, { engine, cursors }) => {
  const ids: unknown = deserialize(body, { promoteLongs: false }).cursors
  if (!Array.isArray(ids)) throw new MongoError(codes.failedToParse, "killCursors needs an array named cursors")
  const wanted = ids.map(String)
  const killed = wanted.filter((id) => cursors.take(id))
  if (killed.length > 0) await deleteCursors(engine, killed)
  const asLongs = (list: string[]) => list.map((id) => Long.fromString(id))
  const missing = wanted.filter((id) => !killed.includes(id))
  return { cursorsKilled: asLongs(killed), cursorsNotFound: asLongs(missing), cursorsAlive: [], cursorsUnknown: [], ok: 1 }
}

const deleteStatement = { name: "deleteCursors", text: "select documentdb_api_internal.delete_cursors($1::int8[])" }

/** Removes the files in which DocumentDB keeps the results of open cursors. */
export async function deleteCursors(engine: Engine, ids: readonly string[]): Promise<void> {
  await engine.query(deleteStatement, [`{${ids.join(",")}}`])
}

function keep(cursors: CursorStore, id: string, row: Row): void {
  const continuation = row.continuation
  if (Buffer.isBuffer(continuation)) cursors.add(id, continuation)
}

/** As text: a cursor id is an int64, and may lie beyond what a number holds. */
function cursorId({ body }: Command): string {
  for (const field of rawFields(body)) {
    if (field.name === "getMore" && field.end - field.start === 8) return String(body.readBigInt64LE(field.start))
    if (field.name === "getMore") return String(numberValue(body, field))
  }
  return ""
}
