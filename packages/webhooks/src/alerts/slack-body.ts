import type { AlertMessage } from "@sluice/core"
import { presentMessage, shortened } from "./present-message.ts"

/** Of blocks: https://docs.slack.dev/reference/block-kit/blocks */
const limits = { header: 150, section: 3_000, field: 2_000, url: 3_000 } as const

/** The body for an incoming webhook of Slack: a header, what it is, its facts, and a button to the dashboard. */
export function slackBody(message: AlertMessage): string {
  const { title, text, facts } = presentMessage(message)
  const blocks = [
    { type: "header", text: { type: "plain_text", text: shortened(title, limits.header) } },
    { type: "section", text: { type: "mrkdwn", text: escaped(text, limits.section) } },
    {
      type: "section",
      fields: facts.map(({ name, value }) => ({ type: "mrkdwn", text: escaped(`*${name}*\n${value}`, limits.field) })),
    },
    ...(message.url !== null && message.url.length <= limits.url ? [button(message.url)] : []),
  ]
  // Shown by notifications, and where blocks cannot be.
  return JSON.stringify({ text: escaped(title, limits.section), blocks })
}

function button(url: string) {
  return { type: "actions", elements: [{ type: "button", text: { type: "plain_text", text: "Open the dashboard" }, url }] }
}

/** So that no name in it becomes a mention or a link. It is shortened first: a piece of an escape would be shown as it is. */
function escaped(text: string, maxLength: number): string {
  const escapeAll = (plain: string) => plain.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
  for (let length = maxLength; ; ) {
    const kept = shortened(text, length)
    const safe = escapeAll(kept)
    if (safe.length <= maxLength) return safe
    length = Math.floor((kept.length * maxLength) / safe.length)
  }
}
