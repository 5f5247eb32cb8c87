import { Buffer } from "node:buffer"
import type { Dispatcher } from "undici"
import { headerOf, type ResponseHeaders } from "../headers/response-headers.ts"
import { TransportError } from "./transport-error.ts"

/** Of an answer that tells of a failure, this much is read; the rest explains nothing. */
const maxErrorBytes = 256 * 1024

export interface BodyToRead {
  readonly status: number
  readonly headers: ResponseHeaders
  readonly stream: Dispatcher.ResponseData["body"]
  readonly maxBytes: number
  /** The stream, as it is to be read where somebody watches over its pauses. */
  readonly chunks?: AsyncIterable<Buffer>
}

/**
 * Reads a body into memory within its bound. A larger one throws `TransportError` `too_large`, except when the status
 * tells of a failure: then what fits is returned, since the beginning says what went wrong.
 */
export async function readBody({ status, headers, stream, maxBytes, chunks }: BodyToRead): Promise<Buffer> {
  const failed = status < 200 || status > 299
  const bound = failed ? Math.min(maxBytes, maxErrorBytes) : maxBytes
  const declared = Number(headerOf(headers, "content-length") ?? Number.NaN)
  // The parser holds the peer to the length it declared, so that there is no need to count.
  if (declared <= bound && chunks === undefined) return Buffer.from(await stream.arrayBuffer())

  const tooLarge = new TransportError({ failure: "too_large", message: `the answer is larger than ${maxBytes} bytes` })
  if (declared > bound && !failed) {
    stream.destroy()
    throw tooLarge
  }
  const { bytes, overflow } = await readUpTo(chunks ?? stream, bound)
  if (overflow && !failed) throw tooLarge
  return bytes
}

async function readUpTo(stream: AsyncIterable<Buffer>, bound: number): Promise<{ bytes: Buffer; overflow: boolean }> {
  const chunks: Buffer[] = []
  let size = 0
  // Leaving the loop early destroys the stream, and with it the connection.
  for await (const chunk of stream) {
    size += chunk.length
    chunks.push(chunk)
    if (size > bound) return { bytes: Buffer.concat(chunks, size).subarray(0, bound), overflow: true }
  }
  return { bytes: Buffer.concat(chunks, size), overflow: false }
}
