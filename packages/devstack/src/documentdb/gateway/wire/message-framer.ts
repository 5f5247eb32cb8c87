import { WireError } from "./wire-error.ts"

const HEADER_BYTES = 16
/** What `hello` announces as `maxMessageSizeBytes`, and MongoDB's own limit. */
export const MAX_MESSAGE_BYTES = 48_000_000

/** Cuts a stream of bytes into messages, each of which begins with its own length (int32, little-endian). */
export interface MessageFramer {
  /**
   * Takes the next bytes, however they were cut, and returns the messages that they complete.
   * @throws WireError when a message announces an impossible length.
   */
  push(chunk: Buffer): Buffer[]
}

export function createMessageFramer(): MessageFramer {
  // A large message comes in hundreds of chunks: they are joined once, when the last one is there.
  let chunks: Buffer[] = []
  let received = 0
  let needed = 4

  function take(bytes: Buffer, messages: Buffer[]): Buffer {
    let at = 0
    while (bytes.length - at >= 4) {
      const length = bytes.readInt32LE(at)
      if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES) throw new WireError(`A message cannot be ${length} bytes long.`)
      needed = length
      if (bytes.length - at < length) break
      messages.push(bytes.subarray(at, at + length))
      at += length
      needed = 4
    }
    return bytes.subarray(at)
  }

  return {
    push(chunk) {
      chunks.push(chunk)
      received += chunk.length
      if (received < needed) return []
      const messages: Buffer[] = []
      const rest = take(chunks.length === 1 ? chunk : Buffer.concat(chunks, received), messages)
      chunks = rest.length === 0 ? [] : [rest]
      received = rest.length
      return messages
    },
  }
}
