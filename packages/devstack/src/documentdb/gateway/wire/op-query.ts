import { WireError } from "./wire-error.ts"

export const OP_QUERY = 2004
const OP_REPLY = 1

/** The command of an OP_QUERY. It left the protocol long ago, except for the first greeting of a driver. */
export function parseOpQuery(message: Buffer): { requestId: number; body: Buffer } {
  const nameEnd = message.indexOf(0, 20)
  const at = nameEnd + 9 // numberToSkip and numberToReturn
  const size = nameEnd > 0 && at + 4 <= message.length ? message.readInt32LE(at) : 0
  if (size < 5 || at + size > message.length) throw new WireError("An OP_QUERY is cut short.")
  return { requestId: message.readInt32LE(4), body: message.subarray(at, at + size) }
}

/** The header and fields of an OP_REPLY that go before its one document. */
export function opReplyPrefix(requestId: number, responseTo: number, bodyBytes: number): Buffer {
  const prefix = Buffer.alloc(36)
  prefix.writeInt32LE(prefix.length + bodyBytes, 0)
  prefix.writeInt32LE(requestId, 4)
  prefix.writeInt32LE(responseTo, 8)
  prefix.writeInt32LE(OP_REPLY, 12)
  prefix.writeInt32LE(8, 16) // responseFlags: AwaitCapable
  prefix.writeInt32LE(1, 32) // numberReturned
  return prefix
}
