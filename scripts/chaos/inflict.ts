import { setTimeout as sleep } from "node:timers/promises"
import type { Simulator } from "../../packages/simulator/src/index.ts"
import type { KeptApp } from "../lib/keep-running.ts"
import type { FaultName } from "./faults.ts"
import type { OwnRedis, OwnService } from "./own-services.ts"
import type { Strike } from "./plan-strikes.ts"
import { freeze, sendSignal } from "./signals.ts"

/** Everything that can be harmed. */
export interface Targets {
  readonly redis: OwnRedis
  readonly mongodb: OwnService
  readonly apis: readonly KeptApp[]
  readonly workers: readonly KeptApp[]
  readonly simulators: readonly Simulator[]
  readonly freezeMs: number
}

const cutMs = 1_000
const refuseMs = 3_000

type Injury = (targets: Targets, pick: number) => Promise<void>

const injuries: Readonly<Record<FaultName, Injury>> = {
  "kill-worker": async ({ workers }, pick) => void sendSignal(oneOf(workers, pick).pid(), "SIGKILL"),
  "kill-api": async ({ apis }, pick) => void sendSignal(oneOf(apis, pick).pid(), "SIGKILL"),
  "flush-redis": ({ redis }) => redis.flush(),
  "wipe-redis": ({ redis }) => redis.wipe(),
  "restart-mongodb": ({ mongodb }) => mongodb.restart(),
  "freeze-worker": ({ workers, freezeMs }, pick) => freeze(oneOf(workers, pick).pid(), freezeMs),
  "freeze-api": ({ apis, freezeMs }, pick) => freeze(oneOf(apis, pick).pid(), freezeMs),
  "freeze-redis": ({ redis, freezeMs }) => redis.freeze(freezeMs),
  "freeze-mongodb": ({ mongodb, freezeMs }) => mongodb.freeze(freezeMs),
  "cut-connections": async ({ redis, mongodb }) => void (await Promise.all([redis.cut(cutMs), mongodb.cut(cutMs)])),
  "reset-provider": async ({ simulators }, pick) => {
    oneOf(simulators, pick).configure({ outage: { mode: "refuse", durationMs: refuseMs } })
    await sleep(refuseMs)
  },
}

/** Does the harm of a strike, and resolves when it is undone, as far as it is: a process that was killed may still be starting. */
export async function inflict(targets: Targets, { fault, pick }: Strike): Promise<void> {
  await injuries[fault](targets, pick)
}

function oneOf<T>(items: readonly T[], pick: number): T {
  const item = items[Math.floor(pick * items.length)]
  if (item === undefined) throw new Error("There is nothing left to harm")
  return item
}
