import { once } from "node:events"
import { connect, createServer, type Socket } from "node:net"

/**
 * How the proxy treats bytes: `open` passes them, `frozen` lets both sides wait, `mute` passes what the client says but
 * nothing of the answers, `cut` breaks connections and accepts none.
 */
export type ProxyMode = "open" | "frozen" | "mute" | "cut"

export interface TcpProxyOptions {
  /** On 127.0.0.1. */
  readonly targetPort: number
  /** Where it listens on 127.0.0.1; default: any free port. */
  readonly port?: number
}

export interface TcpProxy {
  readonly port: number
  /** For connections that are open and those to come. Bytes that were muted are lost. */
  set(mode: ProxyMode): void
  /** Delays each piece of the answers by so much from now on; 0 ends it. */
  delayAnswers(latencyMs: number): void
  /** Breaks the connections of this moment; clients may connect again at once. */
  breakConnections(): void
  close(): Promise<void>
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
}

/** A TCP proxy to a port of this machine whose network can be made to fail. For tests of outages. */
export async function createTcpProxy({ targetPort, port = 0 }: TcpProxyOptions): Promise<TcpProxy> {
  const pairs = new Set<Pair>()
  let mode: ProxyMode = "open"
  let latencyMs = 0

  function answer(client: Socket, bytes: Buffer): void {
    if (mode === "mute") return
    if (latencyMs === 0) client.write(bytes)
    else setTimeout(() => client.writable && client.write(bytes), latencyMs)
  }

  const listener = createServer((client) => {
    const server = connect(targetPort, "127.0.0.1")
    const pair = { client, server }
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) socket.setNoDelay(true).on("error", end).on("close", end)
    client.on("data", (bytes) => server.write(bytes))
    server.on("data", (bytes) => answer(client, bytes))
    apply(pair)
  })

  function apply({ client, server }: Pair): void {
    if (mode === "cut") client.destroy()
    for (const socket of [client, server]) {
      if (mode === "frozen") socket.pause()
      else socket.resume()
    }
  }

  function breakConnections(): void {
    for (const { client } of [...pairs]) client.destroy()
  }

  listener.listen(port, "127.0.0.1")
  await once(listener, "listening")
  const address = listener.address()
  if (address === null || typeof address === "string") throw new Error("The proxy has no port")
  return {
    port: address.port,
    set(next) {
      mode = next
      for (const pair of [...pairs]) apply(pair)
    },
    delayAnswers(ms) {
      latencyMs = ms
    },
    breakConnections,
    async close() {
      breakConnections()
      listener.close()
      await once(listener, "close")
    },
  }
}
