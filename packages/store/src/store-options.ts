import type { EncryptionKey } from "./encryption/sealer.ts"
import type { FlushBounds, FlushReport } from "./group-commit/group-commit.ts"

/** Which writes travelled together. */
export type Lane = "inserts" | "claims" | "writes"

export interface LaneReport extends FlushReport {
  readonly lane: Lane
}

/** What is left out is taken from the URL (`?maxPoolSize=50`), else from `storeDefaults`. */
export interface StoreOptions {
  /** `mongodb://` or `mongodb+srv://`. Its credentials appear in no error and no report. */
  readonly url: string
  /** Default: the database that the URL names, else `sluice`. */
  readonly database?: string
  /** Default 20: three writes and a handful of reads are under way at a time; more connections only queue in the server. */
  readonly maxPoolSize?: number
  /** Default 2: the first requests after a quiet time need not wait for a handshake. */
  readonly minPoolSize?: number
  /** Default 5 s: half an operation's time, so that a failover can be waited for and the write repeated. */
  readonly serverSelectionTimeoutMs?: number
  /** Default 5 s: a command that hangs is given up while its operation still has time for another connection. */
  readonly socketTimeoutMs?: number
  /** Default 5 s: as for any command. */
  readonly connectTimeoutMs?: number
  /** Default 2 s: an exhausted pool is overload, which callers should hear about soon. */
  readonly waitQueueTimeoutMs?: number
  /** Default true: a replica set then repeats a write by itself after a failover. A standalone server ignores it. */
  readonly retryWrites?: boolean
  /** Default 10 s: what a caller of the API can be made to wait for the word that nothing was stored. */
  readonly operationTimeoutMs?: number
  /** Default 60 s: a blob is many commands. */
  readonly blobTimeoutMs?: number
  /** Default 2 s: a cache that takes longer saves nothing. */
  readonly cacheTimeoutMs?: number
  /** Inputs, outputs and secrets are encrypted with the first of these, and read with any. Default: none, nothing is encrypted. */
  readonly encryptionKeys?: readonly EncryptionKey[]
  readonly flush?: Partial<FlushBounds>
  /** Hears of every flush; what it throws is ignored. */
  readonly report?: (report: LaneReport) => void
}

export const storeDefaults = {
  database: "sluice",
  maxPoolSize: 20,
  minPoolSize: 2,
  serverSelectionTimeoutMs: 5_000,
  socketTimeoutMs: 5_000,
  connectTimeoutMs: 5_000,
  waitQueueTimeoutMs: 2_000,
  retryWrites: true,
  operationTimeoutMs: 10_000,
  blobTimeoutMs: 60_000,
  cacheTimeoutMs: 2_000,
} as const satisfies Partial<StoreOptions>
