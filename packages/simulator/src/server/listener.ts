import { createServer, type RequestListener } from "node:http"
import { setTimeout as delay } from "node:timers/promises"

/** Longer than clients keep an idle connection, or a healthy provider would close one just as it is used again. */
const KEEP_ALIVE_MS = 120_000
/** Another program can take the port while it is free; how often we try to get it back. */
const RETRY_LISTEN_MS = 100

export interface Listener {
  readonly port: number
  /** Ends all connections and refuses new ones, for `durationMs` or, if null, until `accept`. */
  refuse(durationMs: number | null): void
  /** Accepts connections again. */
  accept(): void
  /** Ends all connections, hanging ones too, for good. */
  stop(): Promise<void>
}

/** Listens for HTTP. Port 0 chooses a free one. Rejects if it cannot have the port. */
export async function openListener(options: { host: string; port: number; onRequest: RequestListener }): Promise<Listener> {
  const { host, onRequest } = options
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, onRequest)
  const stopping = new AbortController()
  const port = await listen(server, { host, port: options.port })
  let wanted = true
  let relistening: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined

  async function relisten(): Promise<void> {
    while (wanted && !server.listening) {
      await listen(server, { host, port }).catch(() => delay(RETRY_LISTEN_MS, undefined, { signal: stopping.signal }).catch(() => {}))
    }
    if (!wanted) server.close() // refused again, or stopped, in the meantime
    relistening = null
  }

  function setWanted(value: boolean): void {
    clearTimeout(timer)
    wanted = value
    if (wanted) relistening ??= relisten()
    else if (server.listening) server.close() // a server closed while it begins to listen would never say that it did
  }

  return {
    port,
    refuse(durationMs) {
      if (stopping.signal.aborted) return
      setWanted(false)
      server.closeAllConnections()
      if (durationMs !== null) timer = setTimeout(() => setWanted(true), durationMs)
    },
    accept() {
      if (!stopping.signal.aborted) setWanted(true)
    },
    async stop() {
      stopping.abort()
      setWanted(false)
      await relistening
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

type Server = ReturnType<typeof createServer>

function listen(server: Server, address: { host: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    const onListening = () => {
      server.off("error", onError)
      const bound = server.address()
      if (bound === null || typeof bound === "string") reject(new Error(`The simulator has no port on ${address.host}.`))
      else resolve(bound.port)
    }
    const onError = (error: Error) => {
      server.off("listening", onListening)
      reject(error)
    }
    server.once("listening", onListening).once("error", onError).listen(address)
  })
}
