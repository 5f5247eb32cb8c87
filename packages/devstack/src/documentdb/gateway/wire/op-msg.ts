import { WireError } from "./wire-error.ts"

export const OP_MSG = 2013

const CHECKSUM_PRESENT = 1 << 0
const MORE_TO_COME = 1 << 1
/** The upper half of the flags may be ignored by who does not know them, the lower half may not. */
const REQUIRED_FLAGS = 0xffff

/** A command as the driver sends it: https://github.com/mongodb/specifications/blob/master/source/message/OP_MSG.md */
export interface OpMsg {
  requestId: number
  /** The sender does not want an answer (unacknowledged writes). */
  moreToCome: boolean
  /** The command, as raw BSON. */
  body: Buffer
  /** Arrays of the command that were sent beside it: name, and its documents back to back. */
  sequences: ReadonlyMap<string, Buffer>
}

/** @throws WireError when the message is not a well-formed OP_MSG. */
export function parseOpMsg(message: Buffer): OpMsg {
  if (message.length < 26) throw new WireError("An OP_MSG is cut short.")
  const flags = message.readUInt32LE(16)
  if (flags & REQUIRED_FLAGS & ~(CHECKSUM_PRESENT | MORE_TO_COME)) throw new WireError(`An OP_MSG has unknown flags (${flags}).`)
  const end = flags & CHECKSUM_PRESENT ? message.length - 4 : message.length
  const sequences = new Map<string, Buffer>()
  let body: Buffer | undefined
  for (let at = 20; at < end; ) {
    const kind = message[at]
    const section = sectionAt(message, at + 1, end)
    if (kind === 0) body = section
    else if (kind === 1) addSequence(sequences, section)
    else throw new WireError(`An OP_MSG has a section of unknown kind ${kind}.`)
    at += 1 + section.length
  }
  if (!body) throw new WireError("An OP_MSG has no body.")
  return { requestId: message.readInt32LE(4), moreToCome: (flags & MORE_TO_COME) !== 0, body, sequences }
}

function sectionAt(message: Buffer, at: number, end: number): Buffer {
  const size = at + 4 <= end ? message.readInt32LE(at) : 0
  if (size < 5 || at + size > end) throw new WireError("A section of an OP_MSG does not fit into it.")
  return message.subarray(at, at + size)
}

function addSequence(sequences: Map<string, Buffer>, section: Buffer): void {
  const nameEnd = section.indexOf(0, 4)
  if (nameEnd < 0) throw new WireError("A document sequence of an OP_MSG has no name.")
  sequences.set(section.toString("utf8", 4, nameEnd), section.subarray(nameEnd + 1))
}

/** The header, flags and section kind that go before the BSON of a reply. */
export function opMsgPrefix(requestId: number, responseTo: number, bodyBytes: number): Buffer {
  const prefix = Buffer.alloc(21)
  prefix.writeInt32LE(prefix.length + bodyBytes, 0)
  prefix.writeInt32LE(requestId, 4)
  prefix.writeInt32LE(responseTo, 8)
  prefix.writeInt32LE(OP_MSG, 12)
  return prefix
}
