import { once } from "node:events"
import { createServer, type RequestListener, type Server } from "node:http"
import { Server as NetServer } from "node:net"
import { answerClientError } from "./server/answer-client-error.ts"
import { admits, type HeadLimits } from "./server/head-limits.ts"
import { originForm } from "./server/origin-form.ts"
import { trackUnanswered } from "./server/unanswered.ts"
import { watchBodies } from "./server/watch-bodies.ts"

export interface ServerLimits extends HeadLimits {
  /** For the request line and the headers. A caller that sends them one by one holds a connection no longer than this. */
  readonly headersTimeoutMs: number
  /** For the whole request: 8 MiB at 140 kB/s. A body of NDJSON may take longer, as long as it moves. */
  readonly requestTimeoutMs: number
  /** How long an idle connection stays open: longer than load balancers keep theirs, or they would meet closed ones. */
  readonly keepAliveTimeoutMs: number
  /** For a connection on which nothing moves although an answer is due: longer than the longest wait. */
  readonly silentSocketMs: number
  /** How often requests are compared with their time-outs. */
  readonly checkEveryMs: number
  /** Connections beyond these are closed as they come. */
  readonly maxConnections: number
}

const defaultLimits: ServerLimits = {
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 60_000,
  keepAliveTimeoutMs: 65_000,
  silentSocketMs: 120_000,
  checkEveryMs: 2_000,
  maxConnections: 10_000,
  maxHeaderBytes: 16 * 1_024,
  maxHeaders: 100,
  maxTargetBytes: 8 * 1_024,
}

export interface StartServerOptions {
  readonly listener: RequestListener
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly limits?: Partial<ServerLimits>
}

export interface ApiServer {
  readonly url: string
  /**
   * Accepts nothing more, lets the requests under way be answered, and closes their connections; after `graceMs` it closes
   * them whatever they do. A second call waits for the first.
   */
  close(options: { readonly graceMs: number }): Promise<void>
}

/** Listens. Rejects with an `Error` that says what to do when the address cannot be had. */
export async function startServer({ listener, host, port, limits }: StartServerOptions): Promise<ApiServer> {
  const all = { ...defaultLimits, ...limits }
  const { headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs, silentSocketMs, checkEveryMs } = all
  const server = createServer({
    headersTimeout: headersTimeoutMs,
    // Watched here, since Node knows no exceptions.
    requestTimeout: 0,
    keepAliveTimeout: keepAliveTimeoutMs,
    connectionsCheckingInterval: checkEveryMs,
    maxHeaderSize: all.maxHeaderBytes,
  })
  server.maxConnections = all.maxConnections
  // Node would leave out those beyond its own limit without a word.
  server.maxHeadersCount = 0
  server.setTimeout(silentSocketMs)
  const unanswered = trackUnanswered(server)
  watchBodies(server, { timeoutMs: requestTimeoutMs })
  server.on("clientError", (error, socket) => answerClientError({ error, socket, unanswered: unanswered.responses }))
  server.on("request", (request, response) => {
    if (!admits(request, response, all)) return
    request.url = originForm(request.url ?? "")
    listener(request, response)
  })
  await listen(server, { host, port })
  let closed: Promise<void> | null = null
  return {
    url: urlOf(server),
    close({ graceMs }) {
      closed ??= closeServer(server, { graceMs, stopReusing: unanswered.stopReusing })
      return closed
    },
  }
}

async function listen(server: Server, { host, port }: { readonly host: string; readonly port: number }): Promise<void> {
  try {
    server.listen({ host, port })
    await once(server, "listening")
  } catch (error) {
    throw new Error(`Cannot listen on ${host}, port ${port}: ${reasonOf(error)}`, { cause: error })
  }
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "another process does so already. Stop it, or set PORT to another port.",
  EACCES: "the user that runs this process may not. Set PORT to a port above 1023.",
  EADDRNOTAVAIL: "this machine does not have the address. Set HOST to one that it has, e.g. 127.0.0.1.",
  ENOTFOUND: "the name cannot be resolved. Set HOST to an address, e.g. 127.0.0.1.",
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : ""
  return reasons[code] ?? String(error)
}

function urlOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The server listens on no port.")
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}

async function closeServer(server: Server, { graceMs, stopReusing }: { readonly graceMs: number; stopReusing(): void }): Promise<void> {
  const closed = once(server, "close")
  // Not the HTTP server's own, which closes connections that it takes for idle.
  NetServer.prototype.close.call(server)
  stopReusing()
  const timer = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearTimeout(timer)
}
