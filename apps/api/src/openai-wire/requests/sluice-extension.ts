import { submitOptions, webhookTarget } from "@sluice/core"
import { z } from "zod"

/** What OpenAI's wire has no words for, in a field of our own: `extra_body` of the clients, or simply one more property. */
export const sluiceExtension = z
  .strictObject({ options: submitOptions.nullish(), webhook: webhookTarget.nullish() })
  .nullish()
  .transform((value) => value ?? {})
export type SluiceExtension = z.infer<typeof sluiceExtension>
