import type { IncomingMessage } from "node:http"
import { bodyTooLarge } from "./body-problems.ts"

/** The connection ended before the body did: there is nobody to answer. */
export class BodyCutOffError extends Error {
  constructor(options?: ErrorOptions) {
    super("The connection ended before the request's body did.", options)
    this.name = "BodyCutOffError"
  }
}

/** The bytes of the body as they came. Rejects with a `payload_too_large` problem beyond `maxBytes`; the rest is left unread. */
export function collectBody(request: IncomingMessage, { maxBytes }: { readonly maxBytes: number }): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  let bytes = 0
  const add = (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > maxBytes) fail(bodyTooLarge(maxBytes))
    else chunks.push(chunk)
  }
  const finish = () => {
    stopListening()
    const [only] = chunks
    resolve(only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks))
  }
  const cutOff = (cause?: Error) => fail(new BodyCutOffError({ cause }))
  const closed = () => cutOff()
  const fail = (error: Error) => {
    stopListening()
    request.pause()
    reject(error)
  }
  const stopListening = () => request.off("data", add).off("end", finish).off("error", cutOff).off("close", closed)
  request.on("data", add).on("end", finish).on("error", cutOff).on("close", closed)
  return promise
}
