import type { ReserveOutcome, SpendAccount, SpendGate, SpendState } from "@sluice/core"
import type { RedisHandle } from "../connection/connect-redis.ts"
import { queueUnavailable } from "../connection/queue-unavailable.ts"
import { type RedisScript, readScript, type ScriptCall } from "../queue/redis-script.ts"

export interface SpendGateOptions {
  readonly redis: RedisHandle
  /** How long a reservation lasts that is not renewed. Renew it at least every third of it. Default 9 s. */
  readonly leaseMs?: number
}

const defaultLeaseMs = 9_000
/** Of the budget: from here on one is warned. */
const alertShare = 0.8

const script = (name: string): RedisScript =>
  readScript([new URL("lua/account.lua", import.meta.url), new URL(`lua/${name}.lua`, import.meta.url)])
const scripts = { reserve: script("reserve"), renew: script("renew"), settle: script("settle"), raise: script("raise") }

/** The `SpendGate` in Redis: one view for all processes, decided by one script per question. */
export function createSpendGate({ redis, leaseMs = defaultLeaseMs }: SpendGateOptions): SpendGate {
  const { address, budget, namespace, producer } = redis
  const prefix = `{${namespace}:spend}:`
  // A call that is under way when memory is lost tells of itself within a third of its lease; half is on the safe side.
  const graceMs = leaseMs / 2

  const keysOf = ({ tenantId, day }: SpendAccount) => {
    const account = `${prefix}${day.toISOString().slice(0, 10)}:${tenantId}`
    return [account, `${account}:calls`, `${account}:leases`]
  }
  const run = async (name: keyof typeof scripts, call: ScriptCall): Promise<readonly unknown[]> => {
    try {
      const reply = await budget.run(() => scripts[name](producer, call))
      return Array.isArray(reply) ? reply : []
    } catch (error) {
      throw queueUnavailable(address, error)
    }
  }
  return {
    async reserve({ call, mostPicoUsd, budgetPicoUsd, ...account }) {
      const args = [call, mostPicoUsd, budgetPicoUsd, leaseMs, graceMs]
      return reserveOutcome(await run("reserve", { keys: [...keysOf(account), `${prefix}since`], args }))
    },
    async renew(calls) {
      await Promise.all(
        calls.map(({ call, mostPicoUsd, ...account }) => run("renew", { keys: keysOf(account), args: [call, mostPicoUsd, leaseMs] })),
      )
    },
    async settle({ call, costPicoUsd, budgetPicoUsd, ...account }) {
      const args = [call, costPicoUsd, budgetPicoUsd, budgetPicoUsd * alertShare]
      return spendState(await run("settle", { keys: keysOf(account), args }))
    },
    async raise({ spentPicoUsd, budgetPicoUsd, ...account }) {
      const args = [spentPicoUsd, budgetPicoUsd, budgetPicoUsd * alertShare]
      return spendState(await run("raise", { keys: keysOf(account), args }))
    },
  }
}

function reserveOutcome([kind, figure]: readonly unknown[]): ReserveOutcome {
  switch (kind) {
    case "reserved":
      return { kind }
    case "exhausted":
    case "busy":
      return { kind, spentPicoUsd: Number(figure) }
    case "unopened":
      return { kind, waitMs: Number(figure) }
    default:
      throw new Error(`The script that reserves budgets answered ${String(kind)}`)
  }
}

function spendState([spent, isNearlyUsed]: readonly unknown[]): SpendState {
  return { spentPicoUsd: Number(spent), isNearlyUsed: isNearlyUsed === 1 }
}
