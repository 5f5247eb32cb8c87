import { once } from "node:events"
import { createServer } from "node:net"

async function listenOn(port: number): Promise<number | undefined> {
  const server = createServer()
  try {
    server.listen(port, "127.0.0.1")
    await once(server, "listening")
  } catch {
    return undefined
  }
  const address = server.address()
  server.close()
  await once(server, "close")
  return address === null || typeof address === "string" ? undefined : address.port
}

/** The first of the `preferred` ports that is free on 127.0.0.1, else one that the system chooses. */
export async function findFreePort(preferred: readonly number[]): Promise<number> {
  for (const port of [...preferred, 0]) {
    const free = await listenOn(port)
    if (free !== undefined) return free
  }
  throw new Error("There is no free port on 127.0.0.1: the system refused to open one.")
}

export async function isPortFree(port: number): Promise<boolean> {
  return (await listenOn(port)) !== undefined
}
