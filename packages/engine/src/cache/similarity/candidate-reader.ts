import type { CacheCandidate, CandidateRequest, Clock, ResultCache } from "@sluice/core"

/** The scan is flat: with more, reading them would take longer than it saves. */
export const maxCandidates = 2_000

export interface CandidateReaderOptions {
  readonly cache: ResultCache
  readonly clock: Clock
  /** Default 2 s: jobs of one moment share one read of up to 4 MB. */
  readonly keepMs?: number
  /** Default 8 lists, of at most 4 MB each; the one read longest ago goes first. */
  readonly maxLists?: number
}

/** The newest entries of a scope, up to `maxCandidates`. They may be as old as `keepMs`: whoever picks one must look whether it is still there. */
export type CandidateReader = (request: Omit<CandidateRequest, "at" | "limit">) => Promise<readonly CacheCandidate[]>

export function createCandidateReader({ cache, clock, keepMs = 2_000, maxLists = 8 }: CandidateReaderOptions): CandidateReader {
  const lists = new Map<string, { readonly readAtMs: number; readonly list: Promise<readonly CacheCandidate[]> }>()

  return (request) => {
    const { tenantId, route, scope, space } = request
    const key = JSON.stringify([tenantId, route, scope, space])
    const at = clock()
    const known = lists.get(key)
    if (known && at.getTime() - known.readAtMs < keepMs) return known.list
    const list = cache.candidates({ ...request, at, limit: maxCandidates })
    lists.delete(key)
    const oldest = lists.size >= maxLists ? lists.keys().next().value : undefined
    if (oldest !== undefined) lists.delete(oldest)
    const read = { readAtMs: at.getTime(), list }
    lists.set(key, read)
    // A failure is not kept: the next one asks again.
    list.catch(() => lists.get(key) === read && lists.delete(key))
    return list
  }
}
