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

/** How the caller's tenant stands with its limits; there while it has some. */
export const limitHeaders = z.object({
  "RateLimit-Policy": z
    .string()
    .optional()
    .meta({
      description:
        "What the tenant may do, if it has limits (draft-ietf-httpapi-ratelimit-headers): `q` requests in `w` seconds, `q` jobs in line. The latter where jobs are submitted.",
      examples: ['"requests";q=600;w=60, "queued-jobs";q=1000'],
    }),
  RateLimit: z
    .string()
    .optional()
    .meta({
      description: "What is left of it: `r`; and in how many seconds the first of what counts leaves the minute: `t`.",
      examples: ['"requests";r=588;t=41, "queued-jobs";r=997'],
    }),
})

export function location(template: string, example: string) {
  return z.string().meta({ description: `Where it is: \`${template}\`.`, examples: [example] })
}
