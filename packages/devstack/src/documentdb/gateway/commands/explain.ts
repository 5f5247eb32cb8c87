import { type Document, deserialize, serialize } from "bson"
import { codes, MongoError } from "../engine/mongo-error.ts"
import type { CommandHandler } from "./command.ts"

/** DocumentDB's table functions for what can be explained. */
const functions: Readonly<Record<string, string>> = { find: "find", aggregate: "pipeline", count: "count", distinct: "distinct" }

/** Answers with PostgreSQL's own plan, which names the indexes that are used; it does not have the shape of MongoDB's. */
export const explain: CommandHandler = async ({ database, body }, { engine }) => {
  const { explain: explained, verbosity }: Document = deserialize(body)
  const name = Object.keys(explained)[0] ?? ""
  const table = functions[name]
  if (table === undefined)
    throw new MongoError(codes.commandNotSupported, `The stand-in explains find, aggregate, count and distinct, not "${name}".`)
  const analyze = verbosity === "queryPlanner" ? "" : "analyze, "
  const row = await engine.query(
    {
      name: `explain ${analyze}${name}`,
      text: `explain (${analyze}verbose, format json) select document from documentdb_api_catalog.bson_aggregation_${table}($1, $2::documentdb_core.bson)`,
    },
    [database, Buffer.from(serialize(explained))],
  )
  const plan: unknown = JSON.parse(String(row["QUERY PLAN"]))
  return { explainVersion: "documentdb", queryPlanner: { namespace: `${database}.${explained[name]}`, winningPlan: plan }, ok: 1 }
}
