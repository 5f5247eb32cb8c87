import type { TierName } from "../contract/job-resource.ts"
import type { Figures } from "../usage/figures.ts"
import type { UsageStatus } from "../usage/usage-row.ts"

export const canaryOutcomes = [
  "ok",
  /** A good answer, but later than it should be. */
  "slow",
  /** An answer that is not what is expected. */
  "unexpected",
  "failed",
  /** Nobody was called: the endpoint is out of use, or its route is paused. */
  "unavailable",
] as const
export type CanaryOutcome = (typeof canaryOutcomes)[number]

/** An endpoint as one tier of one route uses it. */
export interface CanaryRef {
  readonly route: string
  readonly tier: TierName
  readonly endpoint: string
}

export interface CanaryResult extends CanaryRef {
  readonly outcome: CanaryOutcome
  readonly checkedAt: Date
  /** Since when it has come to this outcome each time. */
  readonly since: Date
  readonly latencyMs: number | null
  /** Why it is not `ok`, without anything that the provider said. */
  readonly error: string | null
  /** What its calls of a day have used, by how they ended, so that the books can be set to it again and again. */
  readonly usage: { readonly day: Date; readonly calls: Readonly<Partial<Record<UsageStatus, Figures>>> } | null
}

/** What came of canaries, for all processes. Every method rejects with `StorageUnavailableError` when the database does not answer in time. */
export interface CanaryStore {
  /** The last results. */
  list(): Promise<readonly CanaryResult[]>
  /** Takes the turn to ask: true for one of all who try within `everyMs`, which begins anew with each turn that was taken. */
  claim(request: CanaryRef & { readonly at: Date; readonly everyMs: number }): Promise<boolean>
  record(result: CanaryResult): Promise<void>
  /** Forgets all but these. */
  retain(refs: readonly CanaryRef[]): Promise<void>
}

export function canaryKeyOf({ route, tier, endpoint }: CanaryRef): string {
  return `${route} ${tier} ${endpoint}`
}
