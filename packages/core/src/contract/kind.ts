import { z } from "zod"

/** What a route produces; it decides the shape of `input` and `output`. */
export const kinds = ["chat", "embedding", "image", "custom"] as const
export const kind = z.enum(kinds)
export type Kind = z.infer<typeof kind>
