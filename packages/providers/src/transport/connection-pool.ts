import { Agent, type Dispatcher, interceptors } from "undici"

export interface ConnectionPool {
  readonly dispatcher: Dispatcher
  /** The same connections, for links that may redirect. */
  readonly redirecting: Dispatcher
  /** Waits for calls in flight, then closes. Does nothing to a dispatcher that was handed in. */
  close(): Promise<void>
}

/**
 * Keep-alive connections for all providers of a process, or those of `dispatcher`, which stays the caller's. Their number
 * is not bounded here: how many calls run at once is for admission to say, and a queue inside the pool would eat up the
 * time-outs unseen.
 */
export function createConnectionPool(dispatcher?: Dispatcher): ConnectionPool {
  if (dispatcher !== undefined) return poolOver(dispatcher, () => Promise.resolve())
  // One call to a connection: over HTTP/2 a broken one would take a hundred calls with it.
  const agent = new Agent({ allowH2: false, connect: { timeout: 10_000 }, keepAliveTimeout: 30_000 })
  let closing: Promise<void> | null = null
  return poolOver(agent, () => {
    closing ??= agent.close()
    return closing
  })
}

function poolOver(dispatcher: Dispatcher, close: () => Promise<void>): ConnectionPool {
  return { dispatcher, redirecting: dispatcher.compose(interceptors.redirect({ maxRedirections: 3 })), close }
}
