import type { MongoClient } from "mongodb"

/** Connections of the driver's pools at the moment. */
export interface PoolUse {
  readonly open: number
  /** Checked out by a command. */
  readonly inUse: number
  /** Commands that wait for a connection. */
  readonly waiting: number
}

export interface PoolCounter {
  /** Counts this client's connections too, and returns it. A client that is replaced closes what it opened, and so counts itself down. */
  watch(client: MongoClient): MongoClient
  read(): PoolUse
}

/** Counts by the driver's own events (CMAP): it tells no numbers when asked. */
export function createPoolCounter(): PoolCounter {
  let open = 0
  let inUse = 0
  let waiting = 0
  return {
    watch(client) {
      return client
        .on("connectionCreated", () => {
          open += 1
        })
        .on("connectionClosed", () => {
          open -= 1
        })
        .on("connectionCheckOutStarted", () => {
          waiting += 1
        })
        .on("connectionCheckOutFailed", () => {
          waiting -= 1
        })
        .on("connectionCheckedOut", () => {
          waiting -= 1
          inUse += 1
        })
        .on("connectionCheckedIn", () => {
          inUse -= 1
        })
    },
    read: () => ({ open, inUse, waiting }),
  }
}
