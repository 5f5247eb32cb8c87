import type { AlertMessage } from "@sluice/core"
import { type PresentedMessage, presentMessage, shortened } from "./present-message.ts"

/** Of an embed: https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
const limits = { title: 256, description: 4_096, fieldValue: 1_024, footer: 2_048 } as const

const colours: Readonly<Record<PresentedMessage["tone"], number>> = {
  bad: 0xd92d20,
  warning: 0xf79009,
  good: 0x12b76a,
  neutral: 0x667085,
}

/** The body of Discord's "execute webhook": one embed, which mentions nobody whatever its text says. */
export function discordBody(message: AlertMessage): string {
  const { title, text, facts, tone } = presentMessage(message)
  const embed = {
    title: shortened(title, limits.title),
    description: shortened(text, limits.description),
    color: colours[tone],
    timestamp: message.at.toISOString(),
    fields: facts.map(({ name, value }) => ({ name, value: shortened(value, limits.fieldValue), inline: true })),
    footer: { text: shortened(`Sluice ${message.alert.id}`, limits.footer) },
    ...(message.url !== null && { url: message.url }),
  }
  return JSON.stringify({ username: "Sluice", embeds: [embed], allowed_mentions: { parse: [] } })
}
