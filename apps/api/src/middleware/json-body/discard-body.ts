import type { IncomingMessage } from "node:http"

export interface DiscardLimits {
  readonly maxBytes: number
  readonly timeoutMs: number
}

const defaultLimits: DiscardLimits = { maxBytes: 64 * 1024 * 1024, timeoutMs: 5_000 }

/** Reads what is left of a body and forgets it. True when its end was reached within the limits. */
export function discardBody(request: IncomingMessage, { maxBytes, timeoutMs } = defaultLimits): Promise<boolean> {
  if (request.complete || !hasBody(request)) return Promise.resolve(true)
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) return Promise.resolve(false)
  const { promise, resolve } = Promise.withResolvers<boolean>()
  let bytes = 0
  const count = (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > maxBytes) stop(false)
  }
  const reachEnd = () => stop(true)
  const giveUp = () => stop(false)
  const timer = setTimeout(giveUp, timeoutMs)
  const stop = (isRead: boolean) => {
    clearTimeout(timer)
    request.off("data", count).off("end", reachEnd).off("error", giveUp).off("close", giveUp)
    if (!isRead) request.pause()
    resolve(isRead)
  }
  request.on("data", count).on("end", reachEnd).on("error", giveUp).on("close", giveUp)
  request.resume()
  return promise
}

/** A request has a body when it says how long it is, or that it comes in pieces (RFC 9112, 6.3). */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0
}
