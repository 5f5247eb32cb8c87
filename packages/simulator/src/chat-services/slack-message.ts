import { z } from "zod"

// What an incoming webhook of Slack takes, as its documentation has it:
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
// https://docs.slack.dev/reference/block-kit/blocks

const plain = (maxLength: number) =>
  z.strictObject({ type: z.literal("plain_text"), text: z.string().min(1).max(maxLength), emoji: z.boolean().optional() })
/** A lone & < or > would begin an entity, a mention or a link. */
const mrkdwn = (maxLength: number) =>
  z.strictObject({
    type: z.literal("mrkdwn"),
    text: z
      .string()
      .min(1)
      .max(maxLength)
      .refine((text) => !/[<>]|&(?!(?:amp|lt|gt);)/.test(text), "Escape &, < and >"),
  })

const block = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("header"), text: plain(150) }),
  z.strictObject({ type: z.literal("divider") }),
  z
    .strictObject({
      type: z.literal("section"),
      text: z.union([mrkdwn(3_000), plain(3_000)]).optional(),
      fields: z
        .array(z.union([mrkdwn(2_000), plain(2_000)]))
        .min(1)
        .max(10)
        .optional(),
    })
    .refine(({ text, fields }) => text !== undefined || fields !== undefined, "A section has a text or fields"),
  z.strictObject({
    type: z.literal("actions"),
    elements: z
      .array(
        z.strictObject({
          type: z.literal("button"),
          text: plain(75),
          url: z
            .url({ protocol: /^https?$/ })
            .max(3_000)
            .optional(),
        }),
      )
      .min(1)
      .max(25),
  }),
])

export const slackMessage = z.strictObject({
  text: z.string().min(1).max(40_000),
  blocks: z.array(block).min(1).max(50).optional(),
})
