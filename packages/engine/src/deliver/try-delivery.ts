import {
  type Clock,
  type Delivery,
  type DeliveryStore,
  noTracer,
  type Random,
  type Settlement,
  signWebhook,
  type Tracer,
  type WebhookEndpoint,
  type WebhookEndpointStore,
  type WebhookSender,
} from "@sluice/core"
import { describeAnswer, startDeliverySpan } from "../trace/trace-delivery.ts"
import type { DeliveryObserver } from "./delivery-observer.ts"
import type { DeliverySettings } from "./delivery-settings.ts"
import { type Judgement, judgeAnswer } from "./judge-answer.ts"
import { nextAttemptAt } from "./next-attempt.ts"
import type { Receiver } from "./receiver.ts"

export interface TryDependencies {
  readonly deliveries: DeliveryStore
  readonly endpoints: WebhookEndpointStore
  readonly sender: WebhookSender
  readonly clock: Clock
  readonly random: Random
  readonly settings: () => DeliverySettings
  readonly observer: DeliveryObserver
  /** Left out: nothing is traced. */
  readonly tracer?: Tracer
}

export interface LeasedDelivery {
  readonly delivery: Delivery
  readonly token: string
  readonly receiver: Receiver
}

/**
 * Sends a leased delivery once and settles it. Resolves with what came of it; null when nothing was sent. When the signal
 * is aborted in mid-request the delivery is handed back, to be tried again at once.
 */
export async function tryDelivery(dependencies: TryDependencies, leased: LeasedDelivery, signal: AbortSignal): Promise<Judgement | null> {
  const { receiver, delivery } = leased
  const { deliveries, clock, observer } = dependencies
  const settle = (settlement: Settlement) => deliveries.settle({ id: delivery.id, token: leased.token, settlement })
  if (receiver.kind === "nobody") {
    await settle({ kind: "failed", made: null, at: clock(), error: receiver.error })
    observer.failed({ delivery, error: receiver.error })
    return null
  }
  const judgement = await send(dependencies, { delivery, receiver, signal })
  if (!judgement) {
    await settle({ kind: "released", nextAttemptAt: clock() })
    return null
  }
  await settle(settlementOf(dependencies, delivery, judgement))
  if (receiver.endpoint) await noteHealth(dependencies, receiver.endpoint, judgement)
  return judgement
}

type Reachable = Extract<Receiver, { kind: "reachable" }>

/** Null when it was aborted. */
async function send(
  { sender, clock, settings, tracer = noTracer }: TryDependencies,
  { delivery, receiver, signal }: { readonly delivery: Delivery; readonly receiver: Reachable; readonly signal: AbortSignal },
): Promise<Judgement | null> {
  const at = clock()
  const span = startDeliverySpan(tracer, delivery, receiver.url)
  try {
    const signature = await signWebhook({ id: delivery.eventId, timestamp: at, body: delivery.body, secrets: receiver.secrets })
    // Receivers are the tenant's own, so they may go on with the trace; not those of whom nobody looks after the trace.
    const traced = span.isRecording && span.traceparent !== null ? { traceparent: span.traceparent } : {}
    const headers = { ...traced, ...receiver.headers, "content-type": "application/json", ...signature }
    const answer = await sender.send({ url: receiver.url, headers, body: delivery.body, timeoutMs: settings().timeoutMs }, signal)
    describeAnswer(span, answer)
    return judgeAnswer(answer, { at })
  } catch (error) {
    span.fail(signal.aborted ? "cancelled" : "internal")
    if (signal.aborted) return null
    const message = error instanceof Error ? error.message : String(error)
    const made = { at, httpStatus: null, durationMs: 0, error: message, responseBody: null }
    return { made, verdict: "failed", retryAfterMs: null, isOverloaded: false }
  } finally {
    span.end()
  }
}

function settlementOf({ clock, random, settings, observer }: TryDependencies, delivery: Delivery, judgement: Judgement): Settlement {
  const { made, verdict, retryAfterMs } = judgement
  if (verdict === "delivered") {
    observer.tried({ delivery, made, nextAttemptAt: null })
    return { kind: "delivered", made }
  }
  const { scheduleMs } = settings()
  const next =
    verdict === "gone" ? null : nextAttemptAt({ scheduleMs, triesMade: delivery.roundTries + 1, retryAfterMs, now: clock(), random })
  observer.tried({ delivery, made, nextAttemptAt: next })
  if (next) return { kind: "retry", made, nextAttemptAt: next }
  const error = made.error ?? "The receiver did not take the event."
  observer.failed({ delivery, error })
  return { kind: "failed", made, at: clock(), error }
}

async function noteHealth({ endpoints, clock, settings, observer }: TryDependencies, endpoint: WebhookEndpoint, judgement: Judgement) {
  const at = clock()
  if (judgement.verdict === "delivered") {
    if (endpoint.failingSince !== null) await endpoints.noteSuccess({ id: endpoint.id })
    return
  }
  const failingSince = await endpoints.noteFailure({ id: endpoint.id, at })
  const isFailingForLong = failingSince !== null && at.getTime() - failingSince.getTime() >= settings().disableAfterMs
  if (judgement.verdict !== "gone" && !isFailingForLong) return
  const reason = judgement.verdict === "gone" ? "gone" : "failing"
  const isDisabled = await endpoints.disable({ id: endpoint.id, reason, at })
  if (isDisabled) observer.endpointDisabled({ endpoint, reason, failingSince })
}
