import {
  type DeadLetter,
  type DeadLetterCause,
  type DeadLetterFilter,
  type DeadLetterFilterBody,
  type DeadLetterGroups,
  type DeadLetterStore,
  deadLetterErrorType,
  maxDeadLetterGroups,
} from "@sluice/core"

export type GroupDeadLetters = (filter: DeadLetterFilter) => Promise<DeadLetterGroups>

/** Dead letters by what they have in common, with the words of one of each group: two queries, however many there are. */
export function createGroupDeadLetters({ deadLetters }: { readonly deadLetters: DeadLetterStore }): GroupDeadLetters {
  return async (filter) => {
    const found = await deadLetters.causes({ filter, limit: maxDeadLetterGroups + 1 })
    const causes = found.slice(0, maxDeadLetterGroups)
    const samples = await samplesOf(deadLetters, filter.tenantId, causes)
    return {
      object: "dead_letter_groups",
      total: causes.reduce((sum, { count }) => sum + count, 0),
      isComplete: causes.length === found.length,
      data: causes.map((cause) => present(cause, samples.get(cause.sampleId), filter)),
    }
  }
}

async function samplesOf(deadLetters: DeadLetterStore, tenantId: string, causes: readonly DeadLetterCause[]) {
  const ids = causes.map(({ sampleId }) => sampleId)
  if (ids.length === 0) return new Map<string, DeadLetter>()
  const found = await deadLetters.list({ filter: { tenantId, ids }, order: "newest_first", after: null, limit: ids.length })
  return new Map(found.map((letter) => [letter.id, letter]))
}

type Group = DeadLetterGroups["data"][number]

function present(cause: DeadLetterCause, sample: DeadLetter | undefined, asked: DeadLetterFilter): Group {
  const { kind, route, endpoint, count, oldestAt, newestAt } = cause
  const errorType = deadLetterErrorType.parse(cause.errorType)
  return {
    kind,
    errorType,
    route,
    endpoint,
    count,
    oldestAt: oldestAt.toISOString(),
    newestAt: newestAt.toISOString(),
    sample: sample ? { id: sample.id, jobId: sample.jobId, message: sample.error.message, httpStatus: sample.error.httpStatus } : null,
    filter: { kind, errorType, endpoint, ...(route !== null && { route }), ...boundsOf(asked) },
  }
}

/** What the groups were narrowed by narrows their selections too. */
function boundsOf({ batchId, metadata, createdAfter, createdBefore, route }: DeadLetterFilter): DeadLetterFilterBody {
  return {
    ...(route !== undefined && { route }),
    ...(batchId !== undefined && { batchId }),
    ...(metadata !== undefined && Object.keys(metadata).length > 0 && { metadata: { ...metadata } }),
    ...(createdAfter && { createdAfter: createdAfter.toISOString() }),
    ...(createdBefore && { createdBefore: createdBefore.toISOString() }),
  }
}
