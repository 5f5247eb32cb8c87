import { combineDeadLetters, createCreateReplay, createDiscardDeadLetters, createGroupDeadLetters } from "@sluice/engine"
import type { LiveCatalog } from "@sluice/runtime"
import type { DeadLetterRoutesDependencies } from "../routes/mount-dead-letters.ts"
import type { ApiStore } from "./deferred-store.ts"

export interface BuildDeadLettersOptions {
  readonly store: Pick<ApiStore, "deadLetters" | "deadDeliveries" | "replays" | "audit">
  readonly catalog: LiveCatalog
}

/** What the routes of dead letters, replays and the audit log need. */
export function buildDeadLetters({ store, catalog }: BuildDeadLettersOptions): DeadLetterRoutesDependencies {
  const { replays, audit } = store
  const deadLetters = combineDeadLetters([store.deadLetters, store.deadDeliveries])
  const clock = () => new Date()
  return {
    deadLetters,
    replays,
    audit,
    discardDeadLetters: createDiscardDeadLetters({ deadLetters, clock }),
    groupDeadLetters: createGroupDeadLetters({ deadLetters }),
    createReplay: createCreateReplay({ deadLetters, replays, catalog: catalog.current, clock }),
    deadLetterRetentionMs: () => catalog.current().deadLetters.retentionMs,
  }
}
