import { setTimeout as sleep } from "node:timers/promises"
import { DatabaseError, Pool } from "pg"
import { duplicateKeyError } from "./duplicate-key.ts"
import { codeOfSqlState, EngineLostError, MongoError, WriteConflictError } from "./mongo-error.ts"
import { createWriteGate } from "./write-gate.ts"

export interface Statement {
  /** Prepared once per connection under this name. */
  name: string
  text: string
}

export type Value = Buffer | string | number | null

/** A row of a result: BSON as bytes, everything else as PostgreSQL's text. */
export type Row = Readonly<Record<string, Buffer | string | null>>

/**
 * DocumentDB: MongoDB's commands as functions of PostgreSQL. A statement is a transaction, so one that loses a conflict was
 * rolled back whole and is run again. Methods throw MongoError when DocumentDB refuses, and EngineLostError when nobody can
 * tell whether the statement took effect.
 */
export interface Engine {
  /** Runs a statement and returns its first row. */
  query(statement: Statement, values: readonly Value[]): Promise<Row>
  /**
   * The same for a write to documents. Writes that take locks in opposite orders lose deadlocks over and over when they are
   * many: who lost one gets the collection for itself.
   */
  write(collection: string, statement: Statement, values: readonly Value[]): Promise<Row>
  close(): Promise<void>
}

export interface EngineOptions {
  /** The folder of PostgreSQL's socket. */
  socketFolder: string
  maxConnections: number
  random?: () => number
}

const CONFLICT_ATTEMPTS = 8
const CONFLICT_PAUSE_MS = 5
const IDLE_CONNECTION_MS = 60_000

export function createEngine({ socketFolder, maxConnections, random = Math.random }: EngineOptions): Engine {
  const gate = createWriteGate()
  const pool = new Pool({
    host: socketFolder,
    user: "postgres",
    database: "postgres",
    max: maxConnections,
    idleTimeoutMillis: IDLE_CONNECTION_MS,
    // node-postgres decodes every result as UTF-8, which destroys binary ones: BSON is read in its text form, BSONHEX<hex>.
    types: { getTypeParser: () => readValue },
  })
  // An idle connection that breaks leaves the pool by itself; the next query opens another one.
  pool.on("error", () => undefined)

  async function attempt(statement: Statement, values: readonly Value[]): Promise<Row> {
    try {
      const { rows } = await pool.query<Row>({ ...statement, values: [...values] })
      return rows[0] ?? {}
    } catch (error) {
      throw await translate(error, pool)
    }
  }

  async function query(statement: Statement, values: readonly Value[]): Promise<Row> {
    for (let count = 1; ; count++) {
      try {
        return await attempt(statement, values)
      } catch (error) {
        if (!(error instanceof WriteConflictError) || count === CONFLICT_ATTEMPTS) throw error
        await sleep(random() * CONFLICT_PAUSE_MS * 2 ** count)
      }
    }
  }

  async function write(collection: string, statement: Statement, values: readonly Value[]): Promise<Row> {
    try {
      return await gate.shared(collection, () => attempt(statement, values))
    } catch (error) {
      if (error instanceof WriteConflictError) return gate.alone(collection, () => query(statement, values))
      throw error
    }
  }

  return { query, write, close: () => pool.end() }
}

function readValue(text: string): Buffer | string {
  return text.startsWith("BSONHEX") ? Buffer.from(text.slice(7), "hex") : text
}

async function translate(error: unknown, pool: Pool): Promise<Error> {
  if (!(error instanceof DatabaseError)) return new EngineLostError(`PostgreSQL does not answer: ${String(error)}`, { cause: error })
  const sqlState = error.code ?? ""
  // Class 08 is a lost connection; 57P is a server that shuts down, crashed or starts.
  if (sqlState.startsWith("08") || sqlState.startsWith("57P")) return new EngineLostError(error.message, { cause: error })
  if (isConflict(error)) return new WriteConflictError(error.message)
  return (await duplicateKeyError(error, pool)) ?? new MongoError(codeOfSqlState(sqlState), error.message)
}

/** Deadlocks, serialisation failures, and two clients that change the catalogue at once, say by creating one collection. */
function isConflict({ code, message }: DatabaseError): boolean {
  return code === "40P01" || code === "40001" || (code === "XX000" && message.startsWith("tuple concurrently"))
}

/** The BSON of a column that always holds some. */
export function bsonColumn(row: Row, name: string): Buffer {
  const value = row[name]
  if (!Buffer.isBuffer(value)) throw new MongoError(codeOfSqlState(""), `DocumentDB returned no ${name}.`)
  return value
}
