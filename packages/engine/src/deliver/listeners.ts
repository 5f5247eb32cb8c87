import {
  type Clock,
  type Ending,
  hearsOf,
  type RunningJob,
  takesEvent,
  type WebhookEndpoint,
  type WebhookEndpointStore,
} from "@sluice/core"
import { deadLetterEventType } from "./fan-out.ts"

export interface ListenersOptions {
  readonly endpoints: Pick<WebhookEndpointStore, "listenersOf">
  readonly clock: Clock
}

/** Knows before a job's end is written whether any webhook is to hear of it; most have none, which saves them a write. */
export interface Listeners {
  /** Asks while the job is called for, so that a call that takes but a moment need not wait for the answer at its end. */
  prepare(job: Pick<RunningJob, "tenantId" | "claim">): void
  /** Asks the store, once for all that ask while it answers another. Rejects when the store does. */
  mayHear(event: { readonly job: Pick<RunningJob, "tenantId" | "webhook" | "claim">; readonly ending: Ending }): Promise<boolean>
}

/** How long an answer serves jobs that were running already when it was asked for. */
const memoryMs = 100

/** After so long every worker knows of an endpoint: no end is decided any more by an answer from before it was there. */
export const listenersKnownAfterMs = 2 * memoryMs

/**
 * An endpoint that is there before a job is claimed always hears of its end; one that comes while it runs does from a tenth of a
 * second on. Whoever registers one is told so only after that, so that who has been told hears of every end from then on.
 */
export function createListeners({ endpoints, clock }: ListenersOptions): Listeners {
  const lookUp = createLookUp(endpoints, clock)
  const known = new Map<string, LookUp>()

  async function listenersOf({ tenantId, claim }: Pick<RunningJob, "tenantId" | "claim">): Promise<readonly WebhookEndpoint[]> {
    const remembered = known.get(tenantId)
    const isFresh = remembered && remembered.askedAt >= claim.at && clock().getTime() - remembered.askedAt.getTime() <= memoryMs
    if (isFresh) return remembered.found
    const answer = await lookUp(tenantId)
    remember(tenantId, answer)
    return answer.found
  }

  /** Forgets first what serves nobody any more, so that tenants that have gone quiet cost nothing. */
  function remember(tenantId: string, answer: LookUp): void {
    known.delete(tenantId)
    const nowMs = clock().getTime()
    for (const [other, { askedAt }] of known) {
      if (nowMs - askedAt.getTime() <= memoryMs) break
      known.delete(other)
    }
    known.set(tenantId, answer)
  }

  return {
    prepare: (job) => void listenersOf(job).catch(() => undefined), // Asked again at the end, where it counts.
    async mayHear({ job, ending }) {
      const types = typesOf(ending)
      const takesAny = (events: readonly string[]) => types.some((type) => takesEvent(events, type))
      if (job.webhook !== null && takesAny(job.webhook.events)) return true
      return (await listenersOf(job)).some((endpoint) => types.some((type) => hearsOf(endpoint, type)) || hearsOfResponses(endpoint))
    },
  }
}

/** Whether the job is a response is looked at when deliveries are made. */
function hearsOfResponses({ format, events }: WebhookEndpoint): boolean {
  return format === "openai" && events.some((type) => type.startsWith("response."))
}

function typesOf({ status }: Ending): readonly string[] {
  return status === "succeeded" ? [`job.${status}`] : [`job.${status}`, deadLetterEventType]
}

interface LookUp {
  readonly askedAt: Date
  readonly found: readonly WebhookEndpoint[]
}

/** One query at a time, and the next one for all that came meanwhile. */
function createLookUp(endpoints: ListenersOptions["endpoints"], clock: Clock): (tenantId: string) => Promise<LookUp> {
  let running: Promise<unknown> = Promise.resolve()
  let next: { readonly tenants: Set<string>; readonly answer: Promise<LookUp> } | null = null

  function open() {
    const tenants = new Set<string>()
    const answer = running.then(async () => {
      next = null
      const askedAt = clock()
      return { askedAt, found: await endpoints.listenersOf([...tenants]) }
    })
    running = answer.catch(() => undefined)
    return { tenants, answer }
  }
  return async (tenantId) => {
    next ??= open()
    next.tenants.add(tenantId)
    const { askedAt, found } = await next.answer
    return { askedAt, found: found.filter((endpoint) => endpoint.tenantId === tenantId) }
  }
}
