/** What a tenant spends on one day. Amounts are in units of 10^-12 USD. */
export interface SpendAccount {
  readonly tenantId: string
  /** The beginning of the day, UTC. */
  readonly day: Date
}

export interface SpendLimit {
  readonly budgetPicoUsd: number
}

/** A call that is about to be made, or under way. */
export interface SpendCall extends SpendAccount {
  /** Unique, and the same when the same call is asked for again. */
  readonly call: string
  /** The most that it may cost. */
  readonly mostPicoUsd: number
}

export type ReserveOutcome =
  | { readonly kind: "reserved" }
  /** Even if all other calls cost nothing, this one might exceed the budget: not today. */
  | { readonly kind: "exhausted"; readonly spentPicoUsd: number }
  /** It fits once calls under way turn out to cost less than they might. */
  | { readonly kind: "busy"; readonly spentPicoUsd: number }
  /** Nothing is known of the day: open it. `waitMs`: until then calls of before a loss of memory may not have told of themselves. */
  | { readonly kind: "unopened"; readonly waitMs: number }

export interface SpendState {
  readonly spentPicoUsd: number
  /** The share of the budget at which one is warned has just been reached, for the first time under this budget. */
  readonly isNearlyUsed: boolean
}

/**
 * Lets calls be made as long as what was spent, and what calls under way may cost, stays within a tenant's budget of the day. It
 * only gates: the truth is the usage that is derived from the jobs, and what this has forgotten is told to it anew. All methods
 * reject with `QueueUnavailableError` when it does not answer in time.
 */
export interface SpendGate {
  /** Decides, and reserves, in one step. A reservation ends by itself when it is not renewed. */
  reserve(request: SpendCall & SpendLimit): Promise<ReserveOutcome>
  /** Keeps reservations, and makes those again that were forgotten. */
  renew(calls: readonly SpendCall[]): Promise<void>
  /** Puts what a call has cost in the place of its reservation. */
  settle(request: Omit<SpendCall, "mostPicoUsd"> & SpendLimit & { readonly costPicoUsd: number }): Promise<SpendState>
  /** At least so much was spent. Opens the day if need be. */
  raise(request: SpendAccount & SpendLimit & { readonly spentPicoUsd: number }): Promise<SpendState>
}
