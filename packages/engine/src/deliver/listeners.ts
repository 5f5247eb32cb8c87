import { type Ending, type Job, takesEvent, type WebhookEndpoint, type WebhookEndpointStore } from "@sluice/core"
import { deadLetterEventType } from "./fan-out.ts"

export interface ListenersOptions {
  readonly endpoints: Pick<WebhookEndpointStore, "listenersOf">
}

/** Knows before a job's end is written whether any webhook is to hear of it; most have none, which saves them a write. */
export interface Listeners {
  /** Asks the store, once for all that ask while it answers another. Rejects when the store does. */
  mayHear(event: { readonly job: Pick<Job, "tenantId" | "webhook">; readonly ending: Ending }): Promise<boolean>
}

/**
 * Nothing is remembered: an endpoint that was registered before a job's end began to be written hears of it, as it does when the
 * outbox is fanned out afterwards.
 */
export function createListeners({ endpoints }: ListenersOptions): Listeners {
  const lookUp = createLookUp(endpoints)
  return {
    async mayHear({ job: { tenantId, webhook }, ending }) {
      const types = typesOf(ending)
      const takesAny = (events: readonly string[]) => types.some((type) => takesEvent(events, type))
      if (webhook !== null && takesAny(webhook.events)) return true
      return (await lookUp(tenantId)).some(({ events }) => takesAny(events))
    },
  }
}

function typesOf({ status }: Ending): readonly string[] {
  return status === "succeeded" ? [`job.${status}`] : [`job.${status}`, deadLetterEventType]
}

type LookUp = (tenantId: string) => Promise<readonly WebhookEndpoint[]>

/** One query at a time, and the next one for all that came meanwhile. */
function createLookUp(endpoints: ListenersOptions["endpoints"]): LookUp {
  let running: Promise<unknown> = Promise.resolve()
  let next: { readonly tenants: Set<string>; readonly found: Promise<readonly WebhookEndpoint[]> } | null = null

  function open() {
    const tenants = new Set<string>()
    const found = running.then(() => {
      next = null
      return endpoints.listenersOf([...tenants])
    })
    running = found.catch(() => undefined)
    return { tenants, found }
  }
  return async (tenantId) => {
    next ??= open()
    next.tenants.add(tenantId)
    return (await next.found).filter((endpoint) => endpoint.tenantId === tenantId)
  }
}
