import { type DeadLetter, deadJobOf, deadLetterOf } from "../job/dead-letter.ts"
import type { Discard, Job } from "../job/job.ts"
import { transition } from "../job/transition.ts"
import type { DeadLetterCause, DeadLetterFilter, DeadLetterGrouping, DeadLetterStore } from "../ports/dead-letter-store.ts"

/** The dead letters among the jobs of a memory job store. */
export function createMemoryDeadLetterStore({ jobs }: { readonly jobs: Map<string, Job> }): DeadLetterStore {
  const all = () =>
    [...jobs.values()].flatMap((job) => {
      const dead = deadJobOf(job)
      return dead ? [{ job, letter: deadLetterOf(dead) }] : []
    })
  const selected = (filter: DeadLetterFilter) => all().filter((entry) => matches(entry, filter))
  const close = (entries: readonly { readonly job: Job }[], discard: Discard): number => {
    for (const { job } of entries) {
      const result = transition(job, { type: "discard", run: job.run, ...discard })
      if (result.applied) jobs.set(job.id, result.job)
    }
    return entries.length
  }
  const openOnes = (filter: DeadLetterFilter) => selected({ ...filter, state: "open" })

  return {
    list({ filter, order, after, limit }) {
      const sign = order === "newest_first" ? -1 : 1
      const letters = selected(filter).map(({ letter }) => letter)
      letters.sort((a, b) => sign * compare(a, b))
      return Promise.resolve(letters.filter((letter) => after === null || sign * compare(letter, after) > 0).slice(0, limit))
    },
    find: ({ tenantId, id }) => Promise.resolve(selected({ tenantId, ids: [id] })[0]?.letter ?? null),
    summarise({ filter, by }) {
      const groups = Map.groupBy(selected(filter), ({ letter }) => keyOf(letter, by))
      const counted = Array.from(groups, ([key, letters]) => ({ key, count: letters.length }))
      return Promise.resolve(counted.sort((a, b) => b.count - a.count || ((a.key ?? "") < (b.key ?? "") ? -1 : 1)))
    },
    causes({ filter, limit }) {
      const groups = Map.groupBy(selected(filter), ({ letter: { error, route, endpoint } }) =>
        JSON.stringify([error.type, route, endpoint]),
      )
      const causes = [...groups.values()].flatMap((entries) => causeOf(entries.map(({ letter }) => letter)))
      return Promise.resolve(causes.sort((a, b) => b.count - a.count).slice(0, limit))
    },
    discard: ({ filter, limit, ...discard }) => Promise.resolve(close(openOnes(filter).slice(0, limit), discard)),
    discardOld({ createdBefore, limit, ...discard }) {
      const old = all().filter(({ letter }) => letter.state === "open" && letter.createdAt < createdBefore)
      return Promise.resolve(close(old.slice(0, limit), discard))
    },
    countFailures: ({ from, until }) =>
      Promise.resolve(all().filter(({ letter }) => letter.createdAt >= from && letter.createdAt < until).length),
    progressOf({ tenantId, replayId }) {
      const outcomes = selected({ tenantId }).flatMap(({ letter }) =>
        letter.replays.flatMap((replay) => (replay.replayId === replayId ? [replay.outcome] : [])),
      )
      const count = (...wanted: readonly (typeof outcomes)[number][]) => outcomes.filter((outcome) => wanted.includes(outcome)).length
      return Promise.resolve({
        requeued: outcomes.length,
        succeeded: count("succeeded"),
        failed: count("failed", "expired"),
        cancelled: count("cancelled"),
      })
    },
  }
}

type Placed = Pick<DeadLetter, "createdAt" | "id">

function compare(a: Placed, b: Placed): number {
  return a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : Number(a.id > b.id))
}

function causeOf(letters: readonly DeadLetter[]): DeadLetterCause[] {
  const byTime = letters.toSorted(compare)
  const [oldest, newest] = [byTime.at(0), byTime.at(-1)]
  if (!oldest || !newest) return []
  const { kind, error, route, endpoint } = newest
  const times = { oldestAt: oldest.createdAt, newestAt: newest.createdAt }
  return [{ kind, errorType: error.type, route, endpoint, count: letters.length, ...times, sampleId: newest.id }]
}

function keyOf(letter: DeadLetter, by: DeadLetterGrouping): string | null {
  switch (by) {
    case "errorType":
      return letter.error.type
    case "route":
      return letter.route
    case "endpoint":
      return letter.endpoint
    case "inputKind":
      return letter.job?.kind ?? null
    case "day":
      return letter.createdAt.toISOString().slice(0, 10)
  }
}

function matches({ job, letter }: { readonly job: Job; readonly letter: DeadLetter }, filter: DeadLetterFilter): boolean {
  const { kind, state, route, errorType, endpoint, batchId } = filter
  const same: readonly (readonly [wanted: string | null | undefined, found: string | null])[] = [
    [filter.tenantId, letter.tenantId],
    [kind, letter.kind],
    [state, letter.state],
    [route, letter.route],
    [errorType, letter.error.type],
    [endpoint, letter.endpoint],
    [batchId, job.batchId],
  ]
  return (
    same.every(([wanted, found]) => wanted === undefined || wanted === found) &&
    (filter.ids === undefined || filter.ids.includes(letter.id)) &&
    (filter.createdAfter === undefined || letter.createdAt > filter.createdAfter) &&
    (filter.createdBefore === undefined || letter.createdAt < filter.createdBefore) &&
    Object.entries(filter.metadata ?? {}).every(([key, value]) => job.metadata[key] === value)
  )
}
