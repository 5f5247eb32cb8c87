import { once } from "node:events"
import { connect, createServer, type Socket } from "node:net"

/** A way to a port of this machine that can be cut. */
export interface CuttableProxy {
  readonly port: number
  /** Resets all connections, and every new one. */
  cut(): void
  mend(): void
  close(): Promise<void>
}

export async function createCuttableProxy(targetPort: number): Promise<CuttableProxy> {
  const clients = new Set<Socket>()
  let isCut = false
  const listener = createServer((client) => {
    if (isCut) return void client.resetAndDestroy()
    clients.add(client)
    const server = connect(targetPort, "127.0.0.1")
    const end = () => {
      clients.delete(client)
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) socket.setNoDelay(true).on("error", end).on("close", end)
    client.pipe(server).pipe(client)
  })
  const resetAll = () => {
    for (const client of [...clients]) client.resetAndDestroy()
  }
  listener.listen(0, "127.0.0.1")
  await once(listener, "listening")
  const address = listener.address()
  if (address === null || typeof address === "string") throw new Error("The proxy has no port")
  return {
    port: address.port,
    cut() {
      isCut = true
      resetAll()
    },
    mend() {
      isCut = false
    },
    async close() {
      listener.close()
      resetAll()
      await once(listener, "close")
    },
  }
}
