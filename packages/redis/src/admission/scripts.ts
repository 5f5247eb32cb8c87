import { readFileSync } from "node:fs"
import type { Redis, Result } from "ioredis"

type BreakerState = "closed" | "open" | "half_open"
type Flag = 0 | 1
type Refusal = "breaker_open" | "rate_limited" | "concurrency" | "credential" | "quota" | "route_paused" | "retry_backoff"

export type AdmitReply =
  | readonly ["admitted", endpoint: string, startInMs: number, generation: string, isProbe: Flag, halfOpened: Flag]
  | readonly ["booked", endpoint: string, startInMs: number]
  | readonly ["refused", reason: Refusal, endpoint: string, retryInMs: number, unavailableSinceMs: number]

export type SettleReply = readonly [
  applied: Flag,
  healthy: Flag,
  before: BreakerState,
  after: BreakerState,
  pausedMs: number,
  learnedPerMinute: number,
  disabledMs: number,
  enabled: Flag,
  openMs: number,
]

export type StateRow = readonly [
  nowMs: number,
  breaker: BreakerState,
  forced: "open" | "closed" | "",
  openUntilMs: number,
  trips: number,
  calls: number,
  failures: number,
  slow: number,
  latencyMs: number,
  inFlight: number,
  concurrencyCap: number,
  requestsLimit: number,
  requestsUsed: number,
  tokensLimit: number,
  tokensUsed: number,
  pausedUntilMs: number,
  disabledReason: "credential" | "quota" | "",
  disabledSinceMs: number,
  disabledUntilMs: number,
  history: readonly string[],
]

/** Each script's heading says what it takes and returns. */
declare module "ioredis" {
  interface RedisCommander<Context> {
    sluiceAdmit(prefix: string, request: string, endpoints: string): Result<AdmitReply, Context>
    sluiceSettle(prefix: string, request: string, endpoint: string): Result<SettleReply, Context>
    sluiceRelease(prefix: string, request: string): Result<Flag, Context>
    sluiceRenew(prefix: string, request: string): Result<number, Context>
    sluiceAdmissionState(prefix: string, request: string): Result<readonly StateRow[], Context>
    sluiceForceBreaker(prefix: string, request: string): Result<readonly [before: BreakerState, after: BreakerState], Context>
    sluicePauseRoute(prefix: string, request: string): Result<Flag, Context>
  }
}

const scripts = {
  sluiceAdmit: ["records", "route", "group", "endpoint", "availability", "choice", "admit"],
  sluiceSettle: ["records", "group", "endpoint", "calls", "settle-group", "settle-breaker", "settle"],
  sluiceRelease: ["records", "group", "release"],
  sluiceRenew: ["records", "renew"],
  sluiceAdmissionState: ["records", "group", "endpoint", "calls", "state"],
  sluiceForceBreaker: ["records", "endpoint", "calls", "force"],
  sluicePauseRoute: ["records", "route", "pause-route"],
} as const

/** A script is its preludes and itself, in one text: Redis knows no way to share code between scripts. */
function textOf(files: readonly string[]): string {
  return files.map((file) => readFileSync(new URL(`./lua/${file}.lua`, import.meta.url), "utf8")).join("\n")
}

/** Makes the scripts commands of the connection: run by digest, and sent whole only where the server does not know them. */
export function defineAdmissionScripts(client: Redis): void {
  for (const [name, files] of Object.entries(scripts)) client.defineCommand(name, { numberOfKeys: 1, lua: textOf(files) })
}
