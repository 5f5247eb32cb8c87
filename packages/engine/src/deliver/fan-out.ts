import {
  type BatchWebhook,
  type Clock,
  type Delivery,
  type DeliveryStore,
  deadJobOf,
  deadLetterOf,
  hearsOf,
  hearsOfOpenai,
  type Job,
  type JobStore,
  noOrigin,
  type Origin,
  type OutboxEvent,
  openaiEventOfJob,
  openaiResponseId,
  presentDeadLetter,
  takesEvent,
  type UntoldDeadLetter,
  type WebhookEndpoint,
  type WebhookEndpointStore,
} from "@sluice/core"
import { derivedEventId } from "./derived-event-id.ts"
import { eventBody, jobEventBody, type OpenaiEvent, openaiEventBody } from "./event-body.ts"
import { type DeliveryTimes, deliveryToBatchWebhook, deliveryToEndpoint, deliveryToJobWebhook, type ReadyEvent } from "./make-delivery.ts"

export interface FanOutDependencies {
  readonly store: JobStore
  readonly deliveries: DeliveryStore
  readonly endpoints: WebhookEndpointStore
  readonly clock: Clock
  /** Of the schedule: before the first try. */
  readonly firstWaitMs: () => number
  /** How long an open dead letter is kept. */
  readonly deadLetterRetentionMs: () => number
  /** Told when deliveries were made. */
  readonly onDeliveries: () => void
}

/** An event that is in no outbox. */
export interface RaisedEvent {
  /** Who hears of it: the tenant's endpoints, or those of all tenants when null. */
  readonly tenantId: string | null
  readonly type: string
  readonly at: Date
  /** What makes it this event and no other; raised again with the same words it is the same event. */
  readonly about: readonly string[]
  readonly data: object
  readonly jobId?: string | null
  readonly route?: string | null
  /** Of what it tells of, where a request asked for that. */
  readonly origin?: Origin
  /** The same in OpenAI's words, for receivers of those. */
  readonly openai?: OpenaiEvent | null
  /** Hears of it too, whatever endpoints there are. For events of one tenant. */
  readonly ownWebhook?: BatchWebhook | null
}

export interface FanOut {
  /**
   * Makes a delivery for each target of the jobs' events that are not fanned out, then marks the events. Safe to repeat, and
   * at the same time: what is there already is left as it is. Returns how many events it was.
   */
  ofOutbox(jobs: readonly Job[]): Promise<number>
  /** Tells whoever asked for `job.started`. */
  ofStarts(jobs: readonly Job[]): Promise<void>
  /** Tells endpoints of deliveries that were given up. */
  ofDeadDeliveries(letters: readonly UntoldDeadLetter[]): Promise<void>
  /** Makes deliveries for an event to the endpoints that ask for its type. */
  raise(event: RaisedEvent): Promise<void>
}

export const startedEventType = "job.started"
export const deadLetterEventType = "dead_letter.created"

export function createFanOut(dependencies: FanOutDependencies): FanOut {
  const { store, deliveries, endpoints, clock, firstWaitMs, deadLetterRetentionMs, onDeliveries } = dependencies
  const times = (): DeliveryTimes => ({ at: clock(), firstWaitMs: firstWaitMs() })

  async function insert(made: readonly Delivery[]): Promise<void> {
    await deliveries.insert(made)
    if (made.length > 0) onDeliveries()
  }

  async function byTenant(things: readonly { readonly tenantId: string }[]): Promise<ReadonlyMap<string, readonly WebhookEndpoint[]>> {
    const found = await endpoints.listenersOf([...new Set(things.map(({ tenantId }) => tenantId))])
    return Map.groupBy(found, ({ tenantId }) => tenantId)
  }

  function ofDeadLetter(to: Pick<JobEvent, "job" | "endpoints" | "times">, { id: endId, run, at }: OutboxEvent): readonly Delivery[] {
    const dead = to.job.run === run ? deadJobOf(to.job) : null
    const letter = dead && deadLetterOf(dead)
    if (letter?.state !== "open") return []
    const event = { id: derivedEventId({ at, about: [deadLetterEventType, endId] }), type: deadLetterEventType, at }
    const data = () => presentDeadLetter(letter, { retentionMs: deadLetterRetentionMs() })
    return deliveriesOf({ ...to, event, body: () => eventBody({ ...event, data: data() }) })
  }

  return {
    async ofOutbox(jobs) {
      const waiting = jobs.flatMap((job) => job.events.filter(({ fannedOut }) => !fannedOut).map((event) => ({ job, event })))
      if (waiting.length === 0) return 0
      const known = await byTenant(jobs)
      const now = times()
      await insert(
        waiting.flatMap(({ job, event }) => {
          const to = { job, endpoints: known.get(job.tenantId) ?? [], times: now }
          return [
            ...deliveriesOf({ ...to, event, body: () => jobEventBody(job, event) }),
            ...openaiDeliveriesOf({ ...to, event }),
            ...ofDeadLetter(to, event),
          ]
        }),
      )
      await store.markFannedOut(waiting.map(({ job, event }) => ({ jobId: job.id, eventId: event.id })))
      return waiting.length
    },
    async ofStarts(jobs) {
      const known = await byTenant(jobs)
      const now = times()
      await insert(
        jobs.flatMap((job) => {
          const at = job.startedAt ?? now.at
          const event = { id: derivedEventId({ at, about: [startedEventType, job.id, String(job.run)] }), type: startedEventType, at }
          return deliveriesOf({ job, event, endpoints: known.get(job.tenantId) ?? [], times: now, body: () => jobEventBody(job, event) })
        }),
      )
    },
    async ofDeadDeliveries(letters) {
      // What could not be told of a dead letter is one itself, and the last: else an endpoint that is gone would never be silent.
      const tellable = letters.filter(({ eventType }) => eventType !== deadLetterEventType)
      const known = await byTenant(tellable.map(({ letter }) => letter))
      const now = times()
      await insert(
        tellable.flatMap(({ letter, at }) => {
          const { tenantId, jobId, route } = letter
          const event = { id: derivedEventId({ at, about: [deadLetterEventType, letter.id] }), type: deadLetterEventType, at }
          const listening = (known.get(tenantId) ?? []).filter((endpoint) => hearsOf(endpoint, event.type))
          const body = eventBody({ ...event, data: presentDeadLetter(letter, { retentionMs: deadLetterRetentionMs() }) })
          return listening.map((endpoint) => deliveryToEndpoint({ ...event, tenantId, jobId, route, ...noOrigin, body }, endpoint, now))
        }),
      )
    },
    async raise(event) {
      const found = await endpoints.listenersOf(event.tenantId === null ? null : [event.tenantId])
      await insert(raisedDeliveries(event, { endpoints: found, times: times() }))
    },
  }
}

interface JobEvent {
  readonly job: Job
  readonly event: Pick<OutboxEvent, "id"> & { readonly type: string }
  readonly endpoints: readonly WebhookEndpoint[]
  readonly times: DeliveryTimes
  /** Only made for somebody. */
  readonly body: () => string
}

function deliveriesOf({ job, event, endpoints, times, body }: JobEvent): readonly Delivery[] {
  const { id, type } = event
  const listening = endpoints.filter((endpoint) => hearsOf(endpoint, type))
  const ownWebhook = job.webhook !== null && takesEvent(job.webhook.events, type) ? job.webhook : null
  if (listening.length === 0 && ownWebhook === null) return []
  const { tenantId, id: jobId, route, traceparent, requestId } = job
  const ready: ReadyEvent = { id, type, tenantId, jobId, route, traceparent, requestId, body: body() }
  return [
    ...listening.map((endpoint) => deliveryToEndpoint(ready, endpoint, times)),
    ...(ownWebhook ? [deliveryToJobWebhook(ready, ownWebhook, times)] : []),
  ]
}

/** The end of a response, for receivers of OpenAI's events. Of a run that a replay has overtaken nothing is told there. */
function openaiDeliveriesOf({
  job,
  event,
  endpoints,
  times,
}: Omit<JobEvent, "body" | "event"> & { readonly event: OutboxEvent }): readonly Delivery[] {
  const type = event.run === job.run ? openaiEventOfJob(job) : null
  const listening = endpoints.filter((endpoint) => hearsOfOpenai(endpoint, type))
  if (type === null || listening.length === 0) return []
  const { tenantId, id: jobId, route, traceparent, requestId } = job
  const body = openaiEventBody({ type, objectId: openaiResponseId(job) }, event)
  const ready: ReadyEvent = { id: event.id, type, tenantId, jobId, route, traceparent, requestId, body }
  return listening.map((endpoint) => deliveryToEndpoint(ready, endpoint, times))
}

function raisedDeliveries(raised: RaisedEvent, { endpoints, times }: Pick<JobEvent, "endpoints" | "times">): readonly Delivery[] {
  const { tenantId, type, at, about, data, openai = null, ownWebhook = null } = raised
  const { jobId = null, route = null, origin = noOrigin } = raised
  const id = derivedEventId({ at, about: [type, ...about] })
  const event = { id, type, jobId, route, ...origin, body: eventBody({ id, type, at, data }) }
  const inOpenaiWords = openai && { ...event, type: openai.type, body: openaiEventBody(openai, { id, at }) }
  return endpoints
    .flatMap((endpoint) => {
      const told = hearsOf(endpoint, type) ? event : hearsOfOpenai(endpoint, openai?.type ?? null) ? inOpenaiWords : null
      return told ? [deliveryToEndpoint({ ...told, tenantId: endpoint.tenantId }, endpoint, times)] : []
    })
    .concat(ownWebhook && tenantId !== null ? [deliveryToBatchWebhook({ ...event, tenantId }, ownWebhook, times)] : [])
}
