import { codes, MongoError } from "../engine/mongo-error.ts"
import { MAX_MESSAGE_BYTES } from "../wire/message-framer.ts"
import type { CommandHandler } from "./command.ts"

/** The MongoDB that the stand-in can pass for: 8.0 has a bulkWrite command, which DocumentDB lacks. */
const VERSION = "7.0.0"
const WIRE_VERSION = 21

/** DocumentDB's own limit, which is far below MongoDB's. */
export const MAX_WRITE_BATCH = 25_000

/** Without logicalSessionTimeoutMinutes: so drivers use no sessions, hence no retryable writes and no transactions. */
export const hello: CommandHandler = (_command, { connectionId }) => ({
  ismaster: true,
  isWritablePrimary: true,
  helloOk: true,
  maxBsonObjectSize: 16 * 1024 * 1024,
  maxMessageSizeBytes: MAX_MESSAGE_BYTES,
  maxWriteBatchSize: MAX_WRITE_BATCH,
  localTime: new Date(),
  connectionId,
  minWireVersion: 0,
  maxWireVersion: WIRE_VERSION,
  readOnly: false,
  ok: 1,
})

export const ok: CommandHandler = () => ({ ok: 1 })

/** Asks PostgreSQL too: a ping is how one learns whether the server works. */
export const ping: CommandHandler = async (_command, { engine }) => {
  await engine.query(pingStatement, [])
  return { ok: 1 }
}

const pingStatement = { name: "ping", text: "select 1" }

export const buildInfo: CommandHandler = () => ({
  version: VERSION,
  versionArray: [7, 0, 0, 0],
  modules: ["documentdb"],
  maxBsonObjectSize: 16 * 1024 * 1024,
  ok: 1,
})

export const serverStatus: CommandHandler = async (_command, { engine }) => {
  await engine.query(pingStatement, [])
  return { version: VERSION, process: "documentdb-gateway", pid: process.pid, uptime: process.uptime(), localTime: new Date(), ok: 1 }
}

export const refuseLogin: CommandHandler = () => {
  throw new MongoError(codes.authenticationFailed, "This stand-in for MongoDB has no users: leave user and password out of the URL.")
}
