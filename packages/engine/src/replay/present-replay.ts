import type { Replay, ReplayResource } from "@sluice/core"

/** A replay as the wire shows it. */
export function presentReplay(replay: Replay, { isDryRun = false }: { readonly isDryRun?: boolean } = {}): ReplayResource {
  const { id, status, matched, perSecond, filter, ids, overrides, by, createdAt, finishedAt, cancelRequestedAt, hint, progress } = replay
  return {
    id: isDryRun ? null : id,
    object: "replay",
    status: isDryRun ? "dry_run" : status,
    matched,
    ...progress,
    skipped: replay.isRequeued ? Math.max(0, matched - progress.requeued) : 0,
    perSecond,
    filter,
    ids: ids && [...ids],
    overrides,
    by,
    createdAt: createdAt.toISOString(),
    finishedAt: isDryRun ? null : (finishedAt?.toISOString() ?? null),
    cancelRequestedAt: cancelRequestedAt?.toISOString() ?? null,
    hint,
  }
}
