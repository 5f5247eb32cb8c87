import type { RequestEntry } from "../control/request-log.ts"
import type { WireName } from "../wire/wire.ts"
import type { Exchange } from "./exchange.ts"
import type { Simulation } from "./simulation.ts"

/** Begins the entry of a request in the log, which completes itself when the response is over. */
export function openEntry(simulation: Simulation, { request, response, target }: Exchange, wire: WireName): RequestEntry {
  const atMs = simulation.now()
  const entry: RequestEntry = {
    requestId: simulation.nextRequestId(),
    atMs,
    wire,
    method: target.method,
    path: target.path,
    headers: request.headers,
    number: null,
    operation: null,
    model: null,
    stream: false,
    body: null,
    fate: null,
    source: null,
    status: null,
    promptTokens: 0,
    outputTokens: 0,
    durationMs: null,
    abortedByClient: false,
  }
  simulation.opened(entry)
  const { socket } = request
  response.once("close", () => {
    entry.durationMs = simulation.now() - atMs
    entry.status = response.headersSent ? response.statusCode : null
    // A connection that the simulator closes itself has neither ended nor failed from the other side.
    entry.abortedByClient = !response.writableFinished && (socket.readableEnded || socket.errored !== null)
    simulation.closed(entry)
  })
  return entry
}
