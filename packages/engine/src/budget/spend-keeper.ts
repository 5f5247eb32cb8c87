import type { SpendCall, SpendGate } from "@sluice/core"

export interface SpendKeeperOptions {
  readonly gate: Pick<SpendGate, "renew">
  readonly onError: (error: unknown) => void
}

/** Renews what calls under way have reserved; also after a loss of the gate's memory, which so learns of them again. */
export interface SpendKeeper {
  /** Returns what ends the keeping. */
  keep(call: SpendCall): () => void
}

/** Three times in a reservation's life, and well within the time for which a gate without memory lets nobody through. */
const renewEveryMs = 3_000

export function createSpendKeeper({ gate, onError }: SpendKeeperOptions): SpendKeeper {
  const held = new Map<string, SpendCall>()
  let timer: NodeJS.Timeout | null = null
  const renew = () => void gate.renew([...held.values()]).catch(onError)
  return {
    keep({ tenantId, day, call, mostPicoUsd }) {
      held.set(call, { tenantId, day, call, mostPicoUsd })
      timer ??= setInterval(renew, renewEveryMs)
      return () => {
        held.delete(call)
        if (held.size > 0 || timer === null) return
        clearInterval(timer)
        timer = null
      }
    },
  }
}
