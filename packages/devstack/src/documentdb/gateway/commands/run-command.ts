import { codes, EngineLostError, MongoError } from "../engine/mongo-error.ts"
import { WireError } from "../wire/wire-error.ts"
import { collMod, collStats, dbStats, documentCommand, drop, dropDatabase, dropIndexes, serverCommand } from "./collection-commands.ts"
import type { Command, CommandContext, CommandHandler, Reply } from "./command.ts"
import { createIndexes } from "./create-indexes.ts"
import { firstBatch, getMore, killCursors } from "./cursor-commands.ts"
import { explain } from "./explain.ts"
import { buildInfo, hello, ok, ping, refuseLogin, serverStatus } from "./server-commands.ts"
import { findAndModify, writeCommand } from "./write-commands.ts"

const bson = "$2::documentdb_core.bson"

const handlers = new Map<string, CommandHandler>(
  Object.entries({
    aggregate: firstBatch("aggregate"),
    buildInfo,
    buildinfo: buildInfo,
    collMod,
    collStats,
    count: documentCommand("count", `documentdb_api.count_query($1, ${bson})`),
    create: documentCommand("create", `documentdb_api.create_collection_view($1, ${bson})`),
    createIndexes,
    dbStats,
    delete: writeCommand("delete", "deletes"),
    distinct: documentCommand("distinct", `documentdb_api.distinct_query($1, ${bson})`),
    drop,
    dropDatabase,
    dropIndexes,
    endSessions: ok,
    explain,
    find: firstBatch("find"),
    findAndModify,
    findandmodify: findAndModify,
    getMore,
    getParameter: ok,
    hello,
    insert: writeCommand("insert", "documents"),
    isMaster: hello,
    ismaster: hello,
    killCursors,
    listCollections: firstBatch("list_collections"),
    listDatabases: serverCommand("listDatabases", "documentdb_api.list_databases($1::documentdb_core.bson)"),
    listIndexes: firstBatch("list_indexes"),
    ping,
    renameCollection: serverCommand("renameCollection", "documentdb_api.rename_collection($1::documentdb_core.bson)"),
    saslStart: refuseLogin,
    serverStatus,
    update: writeCommand("update", "updates"),
    validate: documentCommand("validate", `documentdb_api.validate($1, ${bson})`),
  }),
)

/** The only arrays that may come beside a command. */
const sequenceOf = new Map([
  ["insert", "documents"],
  ["update", "updates"],
  ["delete", "deletes"],
])

/**
 * Runs one command. One that fails is answered, as MongoDB does, by a document with `ok: 0`.
 * @throws WireError or EngineLostError when nothing can be answered.
 */
export async function runCommand(command: Command, context: CommandContext): Promise<Reply> {
  try {
    return await handlerOf(command)(command, context)
  } catch (error) {
    if (error instanceof EngineLostError || error instanceof WireError) throw error
    const { code, codeName, message } = error instanceof MongoError ? error : new MongoError(codes.internalError, String(error))
    return { ok: 0, errmsg: message, code, codeName }
  }
}

function handlerOf({ name, hasTransactionNumber, sequences }: Command): CommandHandler {
  const handler = handlers.get(name)
  if (!handler) throw new MongoError(codes.commandNotFound, `no such command: '${name}'`)
  // In the words of a standalone mongod, which refuses them too.
  if (hasTransactionNumber)
    throw new MongoError(codes.illegalOperation, "Transaction numbers are only allowed on a replica set member or mongos")
  for (const sequence of sequences.keys())
    if (sequence !== sequenceOf.get(name)) throw new MongoError(codes.badValue, `${name} takes no document sequence '${sequence}'`)
  return handler
}
