/** Everything that the chaos suite does to the product, with what it is in words. */
export const faults = {
  "kill-worker": "kill -9 of a worker, started again after a moment",
  "kill-api": "kill -9 of an API, started again after a moment",
  "flush-redis": "FLUSHALL",
  "wipe-redis": "Redis killed, and started again without its data",
  "restart-mongodb": "MongoDB killed, and started again",
  "freeze-worker": "SIGSTOP of a worker for a while",
  "freeze-api": "SIGSTOP of an API for a while",
  "freeze-redis": "SIGSTOP of Redis for a while",
  "freeze-mongodb": "SIGSTOP of MongoDB for a while",
  "cut-connections": "all connections to Redis and MongoDB cut, and no new ones for a second",
  "reset-provider": "all connections of a provider reset, and no new ones for three seconds",
} as const satisfies Record<string, string>

export type FaultName = keyof typeof faults

export const faultNames: readonly FaultName[] = Object.keys(faults).filter(isFaultName)

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(faults, name)
}
