import { deserialize } from "bson"
import { findField, numberValue } from "../bson/raw-fields.ts"
import { bsonColumn, type Statement } from "../engine/engine.ts"
import { codes, MongoError } from "../engine/mongo-error.ts"
import type { Command, CommandHandler } from "./command.ts"

/** A command that DocumentDB answers with one document, from the database's name and the command itself. */
export function documentCommand(name: string, call: string): CommandHandler {
  const statement = { name, text: `select ${call} as reply` }
  return async ({ database, body }, { engine }) => bsonColumn(await engine.query(statement, [database, body]), "reply")
}

/** The same for a command that belongs to no database. */
export function serverCommand(name: string, call: string): CommandHandler {
  const statement = { name, text: `select ${call} as reply` }
  return async ({ body }, { engine }) => bsonColumn(await engine.query(statement, [body]), "reply")
}

const dropStatement: Statement = { name: "drop", text: "select documentdb_api.drop_collection($1, $2)" }

export const drop: CommandHandler = async (command, { engine }) => {
  await engine.query(dropStatement, [command.database, collectionOf(command)])
  return { ns: `${command.database}.${command.target}`, ok: 1 }
}

const dropDatabaseStatement: Statement = { name: "dropDatabase", text: "select documentdb_api.drop_database($1)" }

export const dropDatabase: CommandHandler = async ({ database }, { engine }) => {
  await engine.query(dropDatabaseStatement, [database])
  return { dropped: database, ok: 1 }
}

const dropIndexesStatement: Statement = {
  name: "dropIndexes",
  text: "call documentdb_api.drop_indexes($1, $2::documentdb_core.bson, null)",
}

export const dropIndexes: CommandHandler = async ({ database, body }, { engine }) => {
  const reply = deserialize(bsonColumn(await engine.query(dropIndexesStatement, [database, body]), "retval"))
  return { ...reply, ok: 1 } // DocumentDB says "ok: true" here, which no driver takes for an answer
}

const collModStatement: Statement = { name: "collMod", text: "select documentdb_api.coll_mod($1, $2, $3::documentdb_core.bson) as reply" }

export const collMod: CommandHandler = async (command, { engine }) =>
  bsonColumn(await engine.query(collModStatement, [command.database, collectionOf(command), command.body]), "reply")

const collStatsStatement: Statement = { name: "collStats", text: "select documentdb_api.coll_stats($1, $2, $3::float8) as reply" }

export const collStats: CommandHandler = async (command, { engine }) =>
  bsonColumn(await engine.query(collStatsStatement, [command.database, collectionOf(command), scaleOf(command)]), "reply")

const dbStatsStatement: Statement = { name: "dbStats", text: "select documentdb_api.db_stats($1, $2::float8, false) as reply" }

export const dbStats: CommandHandler = async (command, { engine }) =>
  bsonColumn(await engine.query(dbStatsStatement, [command.database, scaleOf(command)]), "reply")

function collectionOf({ name, target }: Command): string {
  if (target === undefined) throw new MongoError(codes.invalidNamespace, `${name} needs the name of a collection`)
  return target
}

function scaleOf({ body }: Command): number {
  const field = findField(body, "scale")
  return (field && numberValue(body, field)) ?? 1
}
