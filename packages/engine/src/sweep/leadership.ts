import type { Clock, LeaseStore } from "@sluice/core"

const leaseName = "sweep"
export const leaseTtlMs = 15_000

export class LeadershipLost extends Error {
  constructor() {
    super("Another process leads the sweep by now")
    this.name = "LeadershipLost"
  }
}

export interface Leadership {
  /** Takes the lead or keeps it. */
  take(): Promise<boolean>
  /** Renews the lease when a third of its time is over; rejects with `LeadershipLost` when it has gone to another. */
  stillLeading(): Promise<void>
}

export interface LeadershipOptions {
  readonly leases: LeaseStore
  readonly holder: string
  readonly clock: Clock
}

/** One process at a time sweeps. Two that believe so do double work, and no harm. */
export function createLeadership({ leases, holder, clock }: LeadershipOptions): Leadership {
  let takenAt = 0
  async function take(): Promise<boolean> {
    const askedAt = clock().getTime()
    const leads = await leases.acquire({ name: leaseName, holder, ttlMs: leaseTtlMs })
    if (leads) takenAt = askedAt
    return leads
  }
  return {
    take,
    async stillLeading() {
      if (clock().getTime() - takenAt < leaseTtlMs / 3) return
      if (!(await take())) throw new LeadershipLost()
    },
  }
}
