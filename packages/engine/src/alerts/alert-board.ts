import {
  type Alert,
  type AlertChannelConfig,
  type AlertSender,
  type AlertStore,
  type Clock,
  newAlertId,
  newEventId,
  urlOfAlert,
} from "@sluice/core"

export interface AlertBoardDependencies {
  readonly alerts: AlertStore
  readonly sender: AlertSender
  readonly channels: () => Readonly<Record<string, AlertChannelConfig>>
  readonly publicUrl: () => string | null
  readonly clock: Clock
}

export type ChannelTest =
  | { readonly kind: "tested"; readonly delivered: boolean; readonly error: string | null }
  | { readonly kind: "unknown"; readonly known: readonly string[] }

/** What operators see of alerts, and do to them. */
export interface AlertBoard extends Pick<AlertStore, "list"> {
  publicUrl(): string | null
  /** Null: there is no such alert. One that is over is returned as it is. */
  mute(request: { readonly id: string; readonly forMs: number }): Promise<Alert | null>
  /** Sends a message to a channel, which says that it is a test. */
  test(channel: string, signal: AbortSignal): Promise<ChannelTest>
}

const writes = 5

export function createAlertBoard({ alerts, sender, channels, publicUrl, clock }: AlertBoardDependencies): AlertBoard {
  return {
    publicUrl,
    list: (request) => alerts.list(request),
    async mute({ id, forMs }) {
      for (let turn = 0; turn < writes; turn += 1) {
        const alert = await alerts.find(id)
        if (alert === null || alert.state === "resolved") return alert
        const muted = { ...alert, mutedUntil: new Date(clock().getTime() + forMs) }
        if (await alerts.replace(muted)) return muted
      }
      throw new Error(`${id} was written by others each time that it was to be muted`)
    },
    async test(name, signal) {
      const known = channels()
      const channel = Object.hasOwn(known, name) ? known[name] : undefined
      if (!channel) return { kind: "unknown", known: Object.keys(known) }
      const at = clock()
      const message = {
        id: newEventId({ at }),
        event: "test" as const,
        at,
        alert: testAlert(at),
        url: urlOfAlert({ path: "/dashboard" }, publicUrl()),
      }
      const result = await sender.send({ channel, message }, signal)
      return { kind: "tested", delivered: result.ok, error: result.ok ? null : result.error }
    },
  }
}

function testAlert(at: Date) {
  return {
    id: newAlertId({ at }),
    rule: "test",
    when: "canary_failing",
    severity: "info",
    subject: "this channel",
    labels: {},
    value: null,
    summary: "This is a test of the channel. Nothing is wrong.",
    advice: "There is nothing to do.",
    since: at,
    firedAt: at,
    resolvedAt: null,
  } as const
}
