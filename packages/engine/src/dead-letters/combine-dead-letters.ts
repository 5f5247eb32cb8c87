import type { DeadLetter, DeadLetterGroup, DeadLetterStore } from "@sluice/core"

/** Dead letters of several kinds as if they were of one. */
export function combineDeadLetters(stores: readonly DeadLetterStore[]): DeadLetterStore {
  /** Asks one after the other until the limit is reached. */
  const upTo = async (limit: number, discard: (store: DeadLetterStore, rest: number) => Promise<number>): Promise<number> => {
    let total = 0
    for (const store of stores) if (total < limit) total += await discard(store, limit - total)
    return total
  }
  return {
    async list(request) {
      const pages = await Promise.all(stores.map((store) => store.list(request)))
      const sign = request.order === "newest_first" ? -1 : 1
      return pages
        .flat()
        .sort((a, b) => sign * compare(a, b))
        .slice(0, request.limit)
    },
    async find(request) {
      const found = await Promise.all(stores.map((store) => store.find(request)))
      return found.find((letter) => letter !== null) ?? null
    },
    async summarise(request) {
      return merged((await Promise.all(stores.map((store) => store.summarise(request)))).flat())
    },
    async causes(request) {
      const causes = (await Promise.all(stores.map((store) => store.causes(request)))).flat()
      return causes.sort((a, b) => b.count - a.count).slice(0, request.limit)
    },
    discard: (request) => upTo(request.limit, (store, limit) => store.discard({ ...request, limit })),
    discardOld: (request) => upTo(request.limit, (store, limit) => store.discardOld({ ...request, limit })),
    async countFailures(request) {
      return sum(await Promise.all(stores.map((store) => store.countFailures(request))))
    },
    async progressOf(request) {
      const all = await Promise.all(stores.map((store) => store.progressOf(request)))
      return {
        requeued: sum(all.map(({ requeued }) => requeued)),
        succeeded: sum(all.map(({ succeeded }) => succeeded)),
        failed: sum(all.map(({ failed }) => failed)),
        cancelled: sum(all.map(({ cancelled }) => cancelled)),
      }
    },
  }
}

function compare(a: DeadLetter, b: DeadLetter): number {
  return a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : Number(a.id > b.id))
}

function merged(groups: readonly DeadLetterGroup[]): readonly DeadLetterGroup[] {
  const byKey = Map.groupBy(groups, ({ key }) => key)
  const counted = Array.from(byKey, ([key, same]) => ({ key, count: sum(same.map(({ count }) => count)) }))
  return counted.sort((a, b) => b.count - a.count || ((a.key ?? "") < (b.key ?? "") ? -1 : 1))
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
