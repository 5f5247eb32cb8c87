import type { Admission } from "@sluice/core"

export interface LeaseKeeperOptions {
  readonly admission: Pick<Admission, "renew">
  readonly leaseMs: number
  readonly onError: (error: unknown) => void
}

/** Renews the leases of calls that take long; the renewals of all calls of the process travel together. */
export interface LeaseKeeper {
  readonly leaseMs: number
  /** Returns what ends the keeping. */
  keep(held: { readonly lease: string; readonly route: string; readonly endpoint: string }): () => void
}

/** Renewed three times in a lease's life, so that two may get lost. */
const renewalsPerLease = 3

export function createLeaseKeeper({ admission, leaseMs, onError }: LeaseKeeperOptions): LeaseKeeper {
  const held = new Map<string, Parameters<Admission["renew"]>[0][number]>()
  let timer: NodeJS.Timeout | null = null

  const renew = () => {
    admission.renew([...held.values()]).catch(onError)
  }
  return {
    leaseMs,
    keep({ lease, route, endpoint }) {
      held.set(lease, { lease, route, endpoint, leaseMs })
      timer ??= setInterval(renew, leaseMs / renewalsPerLease)
      return () => {
        held.delete(lease)
        if (held.size > 0 || timer === null) return
        clearInterval(timer)
        timer = null
      }
    },
  }
}
