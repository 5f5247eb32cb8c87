import { Socket } from "node:net"

export interface ConnectionWatch {
  /** Each attempt to reach an address, TLS or not, such as `127.0.0.1:80`; also those that fail. */
  readonly attempts: readonly string[]
  stop(): void
}

/** Sees every TCP connection that this process tries to make, whoever makes it. */
export function watchConnections(): ConnectionWatch {
  const attempts: string[] = []
  const { connect } = Socket.prototype
  const watched = new WeakSet<Socket>()
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
    if (!watched.has(this)) this.on("connectionAttempt", (address: string, port: number) => attempts.push(`${address}:${port}`))
    watched.add(this)
    return Reflect.apply(connect, this, args)
  }
  return {
    attempts,
    stop: () => {
      Socket.prototype.connect = connect
    },
  }
}
