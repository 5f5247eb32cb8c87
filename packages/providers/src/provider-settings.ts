import type { Dispatcher } from "undici"
import { type ConnectionPool, createConnectionPool } from "./transport/connection-pool.ts"

export interface ProviderOptions {
  /**
   * Connections to use instead of a pool of one's own, e.g. through a proxy. Stays the caller's: `close` leaves it open.
   */
  readonly dispatcher?: Dispatcher
  /** For answers of chat and custom calls. A larger one is `malformed_response`. Default 32 MiB. */
  readonly maxResponseBytes?: number
  /** For answers of embedding and image calls, and each linked image. Default 128 MiB. */
  readonly maxBinaryResponseBytes?: number
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number
}

/** `ProviderOptions` with nothing left out. */
export interface ProviderSettings {
  readonly pool: ConnectionPool
  readonly maxResponseBytes: number
  readonly maxBinaryResponseBytes: number
  readonly now: () => number
}

const mebibyte = 1024 * 1024

/** Fills in the defaults and opens a pool, unless a dispatcher was given. */
export function resolveSettings(options: ProviderOptions): ProviderSettings {
  return {
    pool: createConnectionPool(options.dispatcher),
    maxResponseBytes: options.maxResponseBytes ?? 32 * mebibyte,
    maxBinaryResponseBytes: options.maxBinaryResponseBytes ?? 128 * mebibyte,
    now: options.now ?? Date.now,
  }
}
