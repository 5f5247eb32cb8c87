import { type Endpoint, type ProviderAnswer, ProviderError, type Work } from "@sluice/core"

/**
 * Throws a `ProviderError` `malformed_response` unless an embedding was answered with one vector for each text, each of as many
 * dimensions as were asked for: given out one by one, vectors too few or too short would end up with the wrong text.
 */
export function checkEmbeddings(endpoint: Endpoint, work: Work, { generated, httpStatus, providerRequestId, usage }: ProviderAnswer): void {
  if (work.kind !== "embedding") return
  const wrong = generated.kind === "embedding" ? faultOf(work.input, generated.output) : `it is of kind ${generated.kind}`
  if (wrong === null) return
  const message = `${endpoint.name}: the answer is no embedding of these texts: ${wrong}.`
  throw new ProviderError({ type: "malformed_response", message, httpStatus, providerRequestId, usage })
}

type Input = Extract<Work, { kind: "embedding" }>["input"]

function faultOf({ texts, dimensions: asked }: Input, output: { readonly embeddings: readonly number[][]; readonly dimensions: number }) {
  const { embeddings, dimensions } = output
  if (embeddings.length !== texts.length) return `it has ${embeddings.length} vectors for ${texts.length} texts`
  if (embeddings.some(({ length }) => length !== dimensions)) return "its vectors differ in length"
  return asked === undefined || asked === dimensions ? null : `its vectors have ${dimensions} dimensions instead of ${asked}`
}
