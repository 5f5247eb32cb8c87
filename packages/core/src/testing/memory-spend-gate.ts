import type { SpendAccount, SpendCall, SpendGate, SpendState } from "../ports/spend-gate.ts"

interface Account {
  spent: number
  alertedAt: number | null
  readonly calls: Map<string, number>
}

export interface MemorySpendGate extends SpendGate {
  /** Loses all that it knows. */
  forget(): void
}

const alertShare = 0.8

/** The rules of the gate in one process; its reservations do not end by themselves. */
export function createMemorySpendGate(): MemorySpendGate {
  const accounts = new Map<string, Account>()
  const keyOf = ({ tenantId, day }: SpendAccount) => `${tenantId} ${day.toISOString()}`
  const sum = (amounts: Iterable<number>) => [...amounts].reduce((total, amount) => total + amount, 0)

  function stateOf(account: Account, budgetPicoUsd: number): SpendState {
    const isNearlyUsed = account.spent >= budgetPicoUsd * alertShare && account.alertedAt !== budgetPicoUsd
    if (isNearlyUsed) account.alertedAt = budgetPicoUsd
    return { spentPicoUsd: account.spent, isNearlyUsed }
  }

  return {
    reserve({ call, mostPicoUsd, budgetPicoUsd, ...ref }) {
      const account = accounts.get(keyOf(ref))
      if (!account) return Promise.resolve({ kind: "unopened", waitMs: 0 })
      account.calls.delete(call)
      if (account.spent + mostPicoUsd > budgetPicoUsd) return Promise.resolve({ kind: "exhausted", spentPicoUsd: account.spent })
      const reserved = sum(account.calls.values())
      if (account.spent + reserved + mostPicoUsd > budgetPicoUsd) return Promise.resolve({ kind: "busy", spentPicoUsd: account.spent })
      account.calls.set(call, mostPicoUsd)
      return Promise.resolve({ kind: "reserved" })
    },
    renew(calls: readonly SpendCall[]) {
      for (const { call, mostPicoUsd, ...ref } of calls) accounts.get(keyOf(ref))?.calls.set(call, mostPicoUsd)
      return Promise.resolve()
    },
    settle({ call, costPicoUsd, budgetPicoUsd, ...ref }) {
      const account = accounts.get(keyOf(ref))
      if (!account) return Promise.resolve({ spentPicoUsd: 0, isNearlyUsed: false })
      account.calls.delete(call)
      account.spent += costPicoUsd
      return Promise.resolve(stateOf(account, budgetPicoUsd))
    },
    raise({ spentPicoUsd, budgetPicoUsd, ...ref }) {
      const account = accounts.get(keyOf(ref)) ?? { spent: 0, alertedAt: null, calls: new Map() }
      account.spent = Math.max(account.spent, spentPicoUsd)
      accounts.set(keyOf(ref), account)
      return Promise.resolve(stateOf(account, budgetPicoUsd))
    },
    forget: () => accounts.clear(),
  }
}
