import { once } from "node:events"
import { createServer, type Socket } from "node:net"
import { deleteCursors } from "./commands/cursor-commands.ts"
import { serveConnection } from "./connection.ts"
import { createCursorStore } from "./cursors/cursor-store.ts"
import type { Engine } from "./engine/engine.ts"

export interface GatewayOptions {
  engine: Engine
  port: number
  /** A cursor that nobody reads is closed after this time, as MongoDB does after ten minutes. */
  cursorIdleMs?: number
  /** Told of errors that are no client's fault, and no loss of the engine. */
  onError?: (error: unknown) => void
}

export interface Gateway {
  port: number
  /** Ends all connections, then the engine's. */
  close(): Promise<void>
}

const CURSOR_IDLE_MS = 10 * 60_000

/**
 * Serves the MongoDB wire protocol on 127.0.0.1 in front of DocumentDB.
 * @throws Error with code EADDRINUSE when the port is taken.
 */
export async function startGateway({
  engine,
  port,
  cursorIdleMs = CURSOR_IDLE_MS,
  onError = () => undefined,
}: GatewayOptions): Promise<Gateway> {
  const cursors = createCursorStore({ idleTimeoutMs: cursorIdleMs })
  const sockets = new Set<Socket>()
  let connectionId = 0
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once("close", () => sockets.delete(socket))
    serveConnection(socket, { engine, cursors, connectionId: ++connectionId }).catch(onError)
  })
  server.listen(port, "127.0.0.1")
  await once(server, "listening")
  const sweep = setInterval(() => void expireCursors(), cursorIdleMs / 10)

  async function expireCursors(): Promise<void> {
    const expired = cursors.expire()
    // While the engine is away nothing is lost: it removes the files of old cursors by itself too.
    if (expired.length > 0) await deleteCursors(engine, expired).catch(() => undefined)
  }

  return {
    port,
    async close() {
      clearInterval(sweep)
      server.close()
      for (const socket of sockets) socket.destroy()
      await engine.close()
    },
  }
}
