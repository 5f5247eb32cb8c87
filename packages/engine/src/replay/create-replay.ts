import { type Clock, type DeadLetterStore, newReplayId, type Replay, type ReplayRequest, type ReplayStore } from "@sluice/core"
import type { Catalog } from "../catalog.ts"
import { asOf, hintOf, openOnesOf } from "../dead-letters/select-dead-letters.ts"
import { faultsOfOverrides, type OverrideFault } from "./check-overrides.ts"

export interface CreateReplayDependencies {
  readonly deadLetters: DeadLetterStore
  readonly replays: ReplayStore
  readonly catalog: () => Pick<Catalog, "routes">
  readonly clock: Clock
}

export interface CreateReplayRequest {
  readonly tenantId: string
  readonly by: string
  readonly requestId: string | null
  readonly body: ReplayRequest
  /** Called once the replay is sure to be made, and before it is. */
  readonly beforeCreation?: (replay: Replay) => Promise<void>
}

export type CreateReplayOutcome =
  /** Of a dry run nothing is kept. */
  | { readonly kind: "created" | "dry_run"; readonly replay: Replay }
  | { readonly kind: "invalid"; readonly faults: readonly OverrideFault[] }

export type CreateReplay = (request: CreateReplayRequest) => Promise<CreateReplayOutcome>

/**
 * Makes a replay of the open dead letters of a selection; a runner carries it out. One that selects nothing is complete from
 * the start, and says so.
 */
export function createCreateReplay({ deadLetters, replays, catalog, clock }: CreateReplayDependencies): CreateReplay {
  return async ({ tenantId, by, requestId, body, beforeCreation }) => {
    const at = clock()
    const filter = asOf(openOnesOf({ tenantId, ...body }), at)
    const { overrides = null } = body
    const faults = overrides ? await faultsOfOverrides({ overrides, filter, deadLetters, catalog: catalog() }) : []
    if (faults.length > 0) return { kind: "invalid", faults }
    const groups = await deadLetters.summarise({ filter, by: "errorType" })
    const matched = groups.reduce((sum, { count }) => sum + count, 0)
    const replay = newReplay({ tenantId, by, requestId, body, matched, at })
    if (body.dryRun) return { kind: "dry_run", replay }
    await beforeCreation?.(replay)
    await replays.insert(replay)
    return { kind: "created", replay }
  }
}

interface NewReplay extends Pick<CreateReplayRequest, "tenantId" | "by" | "requestId" | "body"> {
  readonly matched: number
  readonly at: Date
}

function newReplay({ tenantId, by, requestId, body, matched, at }: NewReplay): Replay {
  const isEmpty = matched === 0
  return {
    id: newReplayId({ at }),
    tenantId,
    status: isEmpty ? "completed" : "running",
    filter: body.filter ?? null,
    ids: body.ids ?? null,
    overrides: body.overrides ?? null,
    perSecond: body.perSecond,
    matched,
    hint: hintOf(body, matched),
    by,
    requestId,
    createdAt: at,
    cancelRequestedAt: null,
    position: null,
    isRequeued: isEmpty,
    progress: { requeued: 0, succeeded: 0, failed: 0, cancelled: 0 },
    finishedAt: isEmpty ? at : null,
  }
}
