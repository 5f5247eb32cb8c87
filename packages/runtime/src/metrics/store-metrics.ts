import { Gauge, type Registry } from "@prometheus-io/client"
import { itemsOfOneWrite, requestSeconds } from "./buckets.ts"
import { instrumentsOf } from "./instruments.ts"

export interface FlushedWrite {
  /** Which writes travelled together: inserts, claims, other writes. */
  readonly lane: string
  readonly items: number
  readonly durationMs: number
  readonly waitingItems: number
  readonly failed: boolean
}

export interface PoolUse {
  readonly open: number
  readonly inUse: number
  readonly waiting: number
}

export interface StoreMetrics {
  flushed(write: FlushedWrite): void
  /** From now on each scrape asks. */
  followPool(poolUse: () => PoolUse): void
}

/** Group commits and the connection pool. */
export function createStoreMetrics(registry: Registry): StoreMetrics {
  const { gauge, histogram } = instrumentsOf(registry)
  const sizes = histogram("sluice_group_commit_items", "Writes that travelled in one command.", ["lane"], itemsOfOneWrite)
  const durations = histogram(
    "sluice_group_commit_duration_seconds",
    "Commands that carried the writes, by whether they got through.",
    ["lane", "outcome"],
    requestSeconds,
  )
  const waiting = gauge("sluice_group_commit_waiting_items", "Writes that had to wait for the next command, when the last one ended.", [
    "lane",
  ])
  return {
    flushed({ lane, items, durationMs, waitingItems, failed }) {
      sizes.observe({ lane }, items)
      durations.observe({ lane, outcome: failed ? "failed" : "acknowledged" }, durationMs / 1_000)
      waiting.set({ lane }, waitingItems)
    },
    followPool: (poolUse) => addPoolGauges(registry, poolUse),
  }
}

function addPoolGauges(registry: Registry, poolUse: () => PoolUse): void {
  const registers = [registry]
  new Gauge({
    name: "db_client_connection_count",
    help: "Connections to MongoDB by state.",
    labelNames: ["state"],
    registers,
    collect() {
      const { open, inUse } = poolUse()
      this.set({ state: "used" }, inUse)
      this.set({ state: "idle" }, Math.max(0, open - inUse))
    },
  })
  new Gauge({
    name: "db_client_connection_pending_requests",
    help: "Commands that wait for a connection to MongoDB.",
    registers,
    collect() {
      this.set(poolUse().waiting)
    },
  })
}
