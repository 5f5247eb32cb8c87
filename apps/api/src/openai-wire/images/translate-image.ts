import type { Catalog } from "@sluice/engine"
import { z } from "zod"
import type { Translated } from "../jobs/submit-openai-job.ts"
import { routeOf } from "../models/resolve-model.ts"
import { openaiMetadata } from "../requests/metadata.ts"
import { parseRequest, type Refusals, refusal } from "../requests/parse-request.ts"
import { providerParameters } from "../requests/provider-parameters.ts"
import { sluiceExtension } from "../requests/sluice-extension.ts"
import { toJson } from "../requests/to-json.ts"

/** What the provider is told as it is, where it speaks this wire. */
const providersOwn = {
  background: z.string().nullish(),
  moderation: z.string().nullish(),
  output_compression: z.int().nullish(),
  output_format: z.string().nullish(),
  quality: z.string().nullish(),
  safety_identifier: z.string().nullish(),
  style: z.string().nullish(),
  user: z.string().nullish(),
}

const imageRequest = z.strictObject({
  model: z.string({ error: "Name a route of kind image, or a model that one serves" }).min(1),
  prompt: z.string().min(1),
  n: z.int().positive().max(10).nullish(),
  size: z.string().nullish(),
  response_format: z.enum(["url", "b64_json"]).nullish(),
  /** Not of OpenAI's wire, which has no metadata here; the job has. */
  metadata: openaiMetadata,
  sluice: sluiceExtension,
  ...providersOwn,
})

const refusals: Refusals = {
  stream: refusal("images come whole.", false),
  partial_images: refusal("images come whole.", 0),
}

export interface TranslatedImage extends Translated {
  readonly request: z.infer<typeof imageRequest>
}

/** The body of `POST /images/generations` as a job. */
export function translateImage(body: unknown, catalog: Catalog): TranslatedImage {
  const request = parseRequest(imageRequest, { body, refusals })
  const { model, prompt, n, size, response_format: _format, metadata, sluice, ...passed } = request
  const route = routeOf(catalog, { model, kind: "image" })
  const options = providerParameters(passed, { catalog, route })
  const input = toJson({ prompt, count: n ?? undefined, size: size === "auto" ? undefined : (size ?? undefined), ...options })
  return { request, route, input, metadata, sluice }
}
