import {
  type Alert,
  type AlertChannelConfig,
  type AlertMessage,
  type AlertSender,
  type AlertStore,
  beginTry,
  type Clock,
  endTry,
  type LeaseStore,
  type Notice,
  urlOfAlert,
} from "@sluice/core"
import { type AlertObserver, alertsLease } from "./evaluate-alerts.ts"

export interface SendNoticesDependencies {
  readonly alerts: AlertStore
  readonly leases: LeaseStore
  readonly sender: AlertSender
  readonly clock: Clock
  readonly holder: string
  readonly channels: () => Readonly<Record<string, AlertChannelConfig>>
  readonly publicUrl: () => string | null
  readonly observer: Pick<AlertObserver, "notSent">
  /** Aborted when the process shuts down. */
  readonly signal: AbortSignal
}

const alertsAtATime = 50
/** Channels are told beside each other, and all of them write on their alert: each turn, one of them gets through. */
const writes = 50

/**
 * Sends the messages that are due, each channel's beside the others', so that one that hangs holds up nobody. A try is written down
 * before it is made and its outcome after it: after a crash in between a message may come twice, with the same id, and is never lost.
 */
export function createSendNotices(dependencies: SendNoticesDependencies): () => Promise<{ readonly tried: number }> {
  const { alerts, leases, clock, holder } = dependencies
  return async () => {
    if (!(await leases.acquire({ ...alertsLease, holder }))) return { tried: 0 }
    const at = clock()
    const due = (await alerts.findDue({ at, limit: alertsAtATime })).flatMap((alert) =>
      alert.notices.filter(({ nextTryAt }) => nextTryAt !== null && nextTryAt <= at).map((notice) => ({ alert, notice })),
    )
    const lanes = Map.groupBy(due, ({ notice }) => notice.channel)
    const tried = await Promise.all(Array.from(lanes.values(), (lane) => inTurn(lane, (each) => attempt(dependencies, each))))
    return { tried: tried.reduce((sum, count) => sum + count, 0) }
  }
}

interface Due {
  readonly alert: Alert
  readonly notice: Notice
}

/** Stops at the first that was not taken: the others of its channel would fare no better. */
async function inTurn(lane: readonly Due[], send: (due: Due) => Promise<"sent" | "failed" | "not_mine">): Promise<number> {
  let tried = 0
  for (const due of lane) {
    const outcome = await send(due)
    if (outcome !== "not_mine") tried += 1
    if (outcome === "failed") break
  }
  return tried
}

async function attempt(dependencies: SendNoticesDependencies, { alert, notice }: Due): Promise<"sent" | "failed" | "not_mine"> {
  const { alerts, clock, sender, channels, publicUrl, observer, signal } = dependencies
  const taken = await write(alerts, alert.id, (now) => (isStillDue(now, notice) ? beginTry(now, notice.id, clock()) : null))
  if (!taken) return "not_mine"
  const channel = channels()[notice.channel]
  const message = messageOf(taken, { notice, at: clock(), publicUrl: publicUrl() })
  const result = channel
    ? await sender.send({ channel, message }, signal)
    : { ok: false as const, error: `The configuration has no channel ${notice.channel} any more.`, retryAfterMs: null }
  const ended = await write(alerts, alert.id, (now) => endTry(now, notice.id, { result, at: clock() }))
  if (result.ok) return "sent"
  const nextTryAt = ended?.notices.find(({ id }) => id === notice.id)?.nextTryAt ?? null
  observer.notSent({ channel: notice.channel, alertId: alert.id, error: result.error, nextTryAt })
  return "failed"
}

function isStillDue({ notices }: Alert, { id, tries }: Notice): boolean {
  return notices.some((notice) => notice.id === id && notice.tries === tries && notice.nextTryAt !== null)
}

/** Makes a change on what is there at the moment, also while others write. Null: there is nothing to change, or it did not come to it. */
async function write(alerts: AlertStore, id: string, change: (alert: Alert) => Alert | null): Promise<Alert | null> {
  for (let turn = 0; turn < writes; turn += 1) {
    const now = await alerts.find(id)
    const next = now && change(now)
    if (!next) return null
    if (await alerts.replace(next)) return next
  }
  return null
}

function messageOf(alert: Alert, { notice, at, publicUrl }: { notice: Notice; at: Date; publicUrl: string | null }): AlertMessage {
  return { id: notice.id, event: notice.event, at, alert, url: urlOfAlert(alert, publicUrl) }
}
