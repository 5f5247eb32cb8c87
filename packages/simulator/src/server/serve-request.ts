import { type Controlled, handleControl, isControlPath } from "../control/control-routes.ts"
import type { Exchange } from "./exchange.ts"
import { handleCall } from "./handle-call.ts"

/** Serves one request, whatever it is. Never rejects: a fault of the simulator's own is told as such. */
export async function serveRequest(controlled: Controlled, exchange: Exchange): Promise<void> {
  const { simulation, listener } = controlled
  try {
    if (isControlPath(exchange.target.path)) await handleControl(controlled, exchange)
    else await handleCall(simulation, exchange, { refuseConnections: listener.refuse })
  } catch (error) {
    reportOwnFault(exchange, error)
  }
}

function reportOwnFault({ response }: Exchange, error: unknown): void {
  const cause = error instanceof Error ? error.stack : String(error)
  if (response.headersSent) {
    response.destroy()
    return
  }
  const message = `The simulator itself failed, which no provider does; please report this: ${cause}`
  response.writeHead(500, { "content-type": "application/json", "x-simulator-fault": "1" }).end(JSON.stringify({ error: { message } }))
}
