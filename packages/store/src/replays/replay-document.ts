import type { Replay } from "@sluice/core"
import { toJsonText } from "../jobs/json-text.ts"
import { present } from "../present.ts"

/** The collection's name. */
export const replaysCollection = "replays"

export const replaySchemaVersion = 1

/** What the caller asked for, as text: it holds keys of the caller's own, some of which BSON gives a meaning. */
type AskedFor = Pick<Replay, "filter" | "ids" | "overrides">

/** A replay as MongoDB keeps it. */
export interface ReplayDocument extends Omit<Replay, "id" | keyof AskedFor | "requestId" | "finishedAt"> {
  readonly _id: string
  readonly schemaVersion: number
  readonly asked: string
  /** Absent once it has finished. */
  readonly isActive?: true
  readonly requestId?: string
  readonly finishedAt?: Date
}

export function toReplayDocument({ id, filter, ids, overrides, requestId, finishedAt, ...same }: Replay): ReplayDocument {
  const asked = toJsonText({ filter, ids, overrides } satisfies AskedFor)
  const state = finishedAt ? { finishedAt } : { isActive: true as const }
  return { _id: id, schemaVersion: replaySchemaVersion, ...same, asked, ...present({ requestId }), ...state }
}

export function fromReplayDocument({
  _id,
  schemaVersion: _version,
  isActive: _active,
  asked,
  requestId,
  finishedAt,
  ...same
}: ReplayDocument): Replay {
  return { id: _id, ...same, ...parseAsked(asked), requestId: requestId ?? null, finishedAt: finishedAt ?? null }
}

/** The text is what `toReplayDocument` made of a validated request. */
function parseAsked(text: string): AskedFor {
  return JSON.parse(text)
}
