import { once } from "node:events"
import { connect, createServer, type Socket } from "node:net"

/**
 * How the proxy treats bytes: `open` passes them, `frozen` lets both sides wait, `mute` passes what the client says but
 * nothing of the answers, `cut` breaks connections and accepts none.
 */
export type ProxyMode = "open" | "frozen" | "mute" | "cut"

export interface TcpProxy {
  readonly port: number
  set(mode: ProxyMode): void
  close(): Promise<void>
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
}

/** A TCP proxy to a port of this machine whose network can be made to fail. */
export async function createTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>()
  let mode: ProxyMode = "open"

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
    server.on("data", (bytes) => {
      if (mode !== "mute") client.write(bytes)
    })
    apply(pair)
  })

  function apply({ client, server }: Pair): void {
    if (mode === "cut") client.destroy()
    for (const socket of [client, server]) {
      if (mode === "frozen") socket.pause()
      else socket.resume()
    }
  }

  listener.listen(0, "127.0.0.1")
  await once(listener, "listening")
  const address = listener.address()
  if (address === null || typeof address === "string") throw new Error("The proxy has no port")
  return {
    port: address.port,
    set(next) {
      mode = next
      for (const pair of [...pairs]) apply(pair)
    },
    async close() {
      for (const { client } of [...pairs]) client.destroy()
      listener.close()
      await once(listener, "close")
    },
  }
}
