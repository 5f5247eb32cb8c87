import { metadata, reservedPrefix } from "@sluice/core"

/** The caller's own, which the job gets. */
export const openaiMetadata = metadata
  .superRefine((value, context) => {
    for (const key of Object.keys(value)) {
      if (!key.startsWith(reservedPrefix)) continue
      context.addIssue({ code: "custom", path: [key], message: `Names that begin with ${reservedPrefix} are Sluice's own` })
    }
  })
  .nullish()
  .transform((value) => value ?? {})
