import { once } from "node:events"
import { readFileSync } from "node:fs"
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http"
import { createServer as createTlsServer } from "node:https"
import type { AddressInfo } from "node:net"
import type { TLSSocket } from "node:tls"

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), "utf8")

/** Of `receiver.test` and 127.0.0.1, signed by itself. */
export const certificate = fixture("receiver.cert.pem")

export interface Receiver {
  readonly port: number
  readonly requests: readonly { readonly headers: IncomingMessage["headers"]; readonly url: string; readonly body: string }[]
  /** That clients asked for in TLS handshakes. */
  readonly serverNames: readonly (string | false | undefined)[]
  /** So far. */
  readonly connections: number
  /** That stand. */
  readonly openConnections: () => Promise<number>
  close(): Promise<void>
}

/** A real receiver on the loopback interface, which keeps what it got. */
export async function startReceiver(
  respond: RequestListener,
  { host = "127.0.0.1", isSecure = false }: { host?: string; isSecure?: boolean } = {},
): Promise<Receiver> {
  const requests: { headers: IncomingMessage["headers"]; url: string; body: string }[] = []
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      requests.push({ headers: request.headers, url: request.url ?? "", body: Buffer.concat(chunks).toString("utf8") })
      respond(request, response)
    })
  }
  const server: Server = isSecure
    ? createTlsServer({ key: fixture("receiver.key.pem"), cert: certificate }, listener)
    : createServer(listener)
  const serverNames: (string | false | undefined)[] = []
  server.on("secureConnection", (socket: TLSSocket & { servername?: string | false }) => serverNames.push(socket.servername))
  let connections = 0
  server.on("connection", () => connections++)
  server.listen(0, host)
  await once(server, "listening")
  return {
    port: portOf(server.address()),
    requests,
    serverNames,
    get connections() {
      return connections
    },
    openConnections: () => new Promise((resolve) => server.getConnections((_, count) => resolve(count))),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    },
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The receiver has no port.")
  return address.port
}
