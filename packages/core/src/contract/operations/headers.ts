import { z } from "zod"

/** Headers of answers that several operations have. */
export const etag = z.object({
  ETag: z.string().meta({
    description: "Names this very content: send it as `If-None-Match` to be told with 304 that nothing has changed.",
    examples: ['W/"2jmj7l5rSw0yVb_vlWAYkK_YBwk"'],
  }),
})

export function retryAfter(description: string) {
  return z
    .string()
    .optional()
    .meta({ description: `${description} In seconds.`, examples: ["1"] })
}

export function location(template: string, example: string) {
  return z.string().meta({ description: `Where it is: \`${template}\`.`, examples: [example] })
}
