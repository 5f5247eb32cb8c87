import { MongoBulkWriteError, MongoError, MongoNetworkError, MongoServerError, MongoServerSelectionError } from "mongodb"
import { CommandHungError } from "./command-hung-error.ts"
import { ItemRefusedError } from "./item-errors.ts"
import { TryAgain } from "./try-again.ts"

/**
 * Server errors after which the same command may succeed: the primary moved or shut down, a lock or time limit was in
 * the way. 1 (InternalError) is how the DocumentDB engine words a deadlock or a restart of its own.
 */
const transientCodes: ReadonlySet<number | string | undefined> = new Set([
  1, 6, 7, 46, 50, 64, 89, 91, 112, 189, 262, 9_001, 10_058, 10_107, 11_600, 11_602, 13_435, 13_436,
])

/** Driver errors that tell of the connection only: the pool is exhausted, or its client has just been replaced. */
const transientNames: ReadonlySet<string> = new Set([
  "MongoWaitQueueTimeoutError",
  "MongoPoolClosedError",
  "MongoServerClosedError",
  "MongoTopologyClosedError",
  "MongoClientClosedError",
  "MongoNotConnectedError",
])

/** A driver error without its wrapping: a bulk write that failed as a whole carries the real one inside. */
export function innermost(error: unknown): unknown {
  if (!(error instanceof MongoBulkWriteError)) return error
  const inner: unknown = error.errorResponse
  return inner instanceof MongoError ? inner : error
}

/** Whether the same operation may succeed when it is tried again. Its outcome is unknown until then. */
export function isTransient(error: unknown): boolean {
  const inner = innermost(error)
  if (inner instanceof TryAgain || inner instanceof CommandHungError) return true
  if (inner instanceof MongoNetworkError || inner instanceof MongoServerSelectionError) return true
  if (inner instanceof ItemRefusedError) return transientCodes.has(inner.code)
  if (inner instanceof MongoBulkWriteError && inner.result.getWriteConcernError()) return true
  if (inner instanceof MongoServerError) return transientCodes.has(inner.code)
  return inner instanceof MongoError && transientNames.has(inner.name)
}
