import type { Server, ServerResponse } from "node:http"

export interface Unanswered {
  readonly responses: ReadonlySet<ServerResponse>
  /** From now on each answer tells its caller that the connection ends with it, and idle connections are closed. */
  stopReusing(): void
}

/** Knows which requests the server has still to answer. */
export function trackUnanswered(server: Server): Unanswered {
  const responses = new Set<ServerResponse>()
  let isStopping = false
  const announceEnd = (response: ServerResponse) => {
    if (!response.headersSent) response.setHeader("Connection", "close")
  }
  const closeIdle = () => {
    // Node counts a connection as idle as soon as its answer has ended, also while most of it is still to be sent.
    const isSending = [...responses].some(({ writableEnded, writableFinished }) => writableEnded && !writableFinished)
    if (!isSending) server.closeIdleConnections()
  }
  server.on("request", (_request, response) => {
    responses.add(response)
    if (isStopping) announceEnd(response)
    response.once("close", () => {
      responses.delete(response)
      if (isStopping) setImmediate(closeIdle)
    })
  })
  const stopReusing = () => {
    isStopping = true
    for (const response of responses) announceEnd(response)
    closeIdle()
  }
  return { responses, stopReusing }
}
