import { QueueUnavailableError } from "@sluice/core"
import { reasonOf } from "./reason-of.ts"

/** How ioredis says that it has no connection. */
const notConnected = "Stream isn't writeable"

/** The error as the ports promise it. */
export function queueUnavailable(address: string, error: unknown): QueueUnavailableError {
  if (error instanceof QueueUnavailableError) return error
  const reason = reasonOf(error)
  const message = reason.startsWith(notConnected)
    ? `There is no connection to Redis at ${address} at present; it is being tried again.`
    : `Redis at ${address} did not take the command: ${reason}`
  return new QueueUnavailableError({ message, cause: error })
}
