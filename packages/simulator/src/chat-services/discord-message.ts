import { z } from "zod"

// What Discord takes at "execute webhook", as its documentation has it:
// https://discord.com/developers/docs/resources/webhook#execute-webhook
// https://discord.com/developers/docs/resources/message#embed-object-embed-limits

const url = z.url({ protocol: /^https?$/ })

const embed = z.strictObject({
  title: z.string().max(256).optional(),
  description: z.string().max(4_096).optional(),
  url: url.optional(),
  timestamp: z.iso.datetime().optional(),
  color: z.int().min(0).max(0xffffff).optional(),
  fields: z
    .array(z.strictObject({ name: z.string().min(1).max(256), value: z.string().min(1).max(1_024), inline: z.boolean().optional() }))
    .max(25)
    .optional(),
  footer: z.strictObject({ text: z.string().max(2_048) }).optional(),
})

const maxCharacters = 6_000

export const discordMessage = z
  .strictObject({
    content: z.string().max(2_000).optional(),
    username: z
      .string()
      .min(1)
      .max(80)
      .refine((text) => !/discord|clyde/i.test(text), "Users may not be called so")
      .optional(),
    embeds: z.array(embed).max(10).optional(),
    allowed_mentions: z.strictObject({ parse: z.array(z.enum(["roles", "users", "everyone"])) }).optional(),
  })
  .refine(({ content = "", embeds = [] }) => content !== "" || embeds.length > 0, "A message has to have something in it")
  .refine(
    ({ embeds = [] }) => embeds.reduce((sum, each) => sum + charactersOf(each), 0) <= maxCharacters,
    "The embeds together are too long",
  )

function charactersOf({ title = "", description = "", fields = [], footer }: z.infer<typeof embed>): number {
  const parts = [title, description, footer?.text ?? "", ...fields.flatMap(({ name, value }) => [name, value])]
  return parts.join("").length
}
