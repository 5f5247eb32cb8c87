import {
  type AlertChannelConfig,
  type AlertMessage,
  type AlertSender,
  type Clock,
  credentialRef,
  type NoticeResult,
  signWebhook,
  type WebhookAnswer,
  type WebhookSender,
} from "@sluice/core"
import { discordBody } from "./discord-body.ts"
import { slackBody } from "./slack-body.ts"
import { webhookBody } from "./webhook-body.ts"

export interface AlertSenderOptions {
  /** With a policy of the operator's own addresses: private ones are allowed. */
  readonly sender: WebhookSender
  /** What is behind a reference of the configuration. */
  readonly resolveSecret: (reference: string) => Promise<string>
  /** For channels of type `stdout`. */
  readonly writeLine: (message: AlertMessage) => void
  readonly clock: Clock
  /** For one try. Default 10 s. */
  readonly timeoutMs?: number
}

type Remote = Exclude<AlertChannelConfig, { type: "stdout" }>

/** Sends alerts to Discord, Slack, any receiver of signed webhooks, and the log. */
export function createAlertSender(options: AlertSenderOptions): AlertSender {
  const { sender, resolveSecret, writeLine, clock, timeoutMs = 10_000 } = options

  async function requestOf(channel: Remote, message: AlertMessage) {
    const url = credentialRef.safeParse(channel.url).success ? await resolveSecret(channel.url) : channel.url
    const body = bodyOf(channel, message)
    const headers = { "content-type": "application/json; charset=utf-8", ...(await signatureOf(channel, { id: message.id, body })) }
    return { url, headers, body, timeoutMs }
  }

  async function signatureOf(channel: Remote, { id, body }: { readonly id: string; readonly body: string }) {
    if (channel.type !== "webhook") return {}
    return await signWebhook({ id, timestamp: clock(), body, secrets: [await resolveSecret(channel.secret)] })
  }

  return {
    async send({ channel, message }, signal) {
      if (channel.type === "stdout") {
        writeLine(message)
        return { ok: true }
      }
      let request: Awaited<ReturnType<typeof requestOf>>
      try {
        request = await requestOf(channel, message)
      } catch (error) {
        return { ok: false, error: error instanceof Error ? error.message : String(error), retryAfterMs: null }
      }
      return resultOf(await sender.send(request, signal))
    },
  }
}

function bodyOf(channel: Remote, message: AlertMessage): string {
  switch (channel.type) {
    case "discord":
      return discordBody(message)
    case "slack":
      return slackBody(message)
    case "webhook":
      return webhookBody(message)
  }
}

const maxShownLength = 300

/** The address is a secret, so nothing of it is repeated; what was answered is not. */
function resultOf(answer: WebhookAnswer): NoticeResult {
  if (answer.kind === "unanswered") return { ok: false, error: `${reasons[answer.reason]} (${answer.durationMs} ms)`, retryAfterMs: null }
  const { httpStatus, retryAfterMs, responseBody } = answer
  if (httpStatus >= 200 && httpStatus < 300) return { ok: true }
  const said = responseBody.trim().slice(0, maxShownLength)
  return { ok: false, error: `It answered ${httpStatus}${said === "" ? "" : `: ${said}`}`, retryAfterMs }
}

const reasons = {
  address_refused: "Its address is none that may be called: no URL, or a metadata service of the cloud",
  timeout: "No answer in time",
  network: "No connection",
} as const
