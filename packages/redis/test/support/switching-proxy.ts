import { once } from "node:events"
import { connect, createServer, type Socket } from "node:net"

/** An address that leads to one server and then to another, as a failover behind a stable name does. */
export interface SwitchingProxy {
  readonly url: string
  /** New connections lead to this port; those that are open stay where they are. */
  leadTo(port: number): void
  close(): Promise<void>
}

export async function createSwitchingProxy(port: number): Promise<SwitchingProxy> {
  let target = port
  const sockets = new Set<Socket>()
  const server = createServer((incoming) => {
    const outgoing = connect({ port: target, host: "127.0.0.1" })
    incoming.pipe(outgoing).pipe(incoming)
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket)
      socket.on("error", () => socket.destroy())
    }
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The system gave no port.")
  return {
    url: `redis://127.0.0.1:${address.port}`,
    leadTo: (next) => {
      target = next
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, "close")
    },
  }
}
