import { once } from "node:events"
import { createServer } from "node:net"

/** The preferred port when it is free on loopback, else any other. Somebody may take it before its user does. */
export async function freePort(preferred = 0): Promise<number> {
  const server = createServer()
  try {
    server.listen(preferred, "127.0.0.1")
    await once(server, "listening")
  } catch {
    return await freePort()
  }
  const address = server.address()
  server.close()
  await once(server, "close")
  return typeof address === "object" && address ? address.port : await freePort()
}
