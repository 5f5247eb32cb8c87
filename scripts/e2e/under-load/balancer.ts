import { once } from "node:events"
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http"
import { pipeline } from "node:stream"

export interface Balancer {
  /** From now on the process that listens on the port gets its share of the requests. */
  add(port: number): void
  /** From now on it gets no new ones; those that it has are answered. */
  remove(port: number): void
  close(): Promise<void>
}

const keepAliveMs = 60_000

/** What stands before the API in production: hands requests to processes in turn, over connections that it keeps. */
export async function startBalancer({ port }: { readonly port: number }): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true })
  let targets: readonly number[] = []
  let turn = 0
  const server = createServer((incoming, outgoing) => {
    const target = targets[turn++ % targets.length]
    if (target === undefined) outgoing.writeHead(502).end()
    else forward({ incoming, outgoing, agent, port: target })
  })
  // As balancers do: longer than the callers keep theirs, so that none is closed just as it is used again.
  server.keepAliveTimeout = keepAliveMs
  server.listen({ port, host: "127.0.0.1" })
  await once(server, "listening")
  return {
    add: (added) => {
      targets = [...targets, added]
    },
    remove: (removed) => {
      targets = targets.filter((target) => target !== removed)
    },
    async close() {
      server.close()
      server.closeAllConnections()
      agent.destroy()
      await once(server, "close")
    },
  }
}

interface Forwarding {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly agent: Agent
  readonly port: number
}

function forward({ incoming, outgoing, agent, port }: Forwarding): void {
  const { method = "GET", url = "/", headers } = incoming
  const sent = request({ host: "127.0.0.1", port, method, path: url, headers, agent }, (answer) => {
    const { connection: _ownHop, "keep-alive": _ownTime, ...others } = answer.headers
    outgoing.writeHead(answer.statusCode ?? 502, others)
    pipeline(answer, outgoing, () => {})
  })
  // A balancer may repeat what never reached a process; this one does not, so that nothing is hidden from the test.
  sent.once("error", (error) => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end(String(error))))
  pipeline(incoming, sent, () => {})
}
