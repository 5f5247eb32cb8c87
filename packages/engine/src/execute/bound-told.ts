import type { ProviderAnswer, ProviderError } from "@sluice/core"

/** Names and ids that a provider tells. What is longer is nobody's name. */
const maxNameChars = 200
/** What a person reads of an error. */
const maxMessageChars = 2_000

export function boundName(text: string): string {
  return text.slice(0, maxNameChars).toWellFormed()
}

export function boundMessage(text: string): string {
  return text.length <= maxMessageChars ? text : `${text.slice(0, maxMessageChars - 1).toWellFormed()}…`
}

/**
 * What the ledger and the result keep of a provider's words beside its output, which is stored elsewhere when it is large: a
 * job with a hundred attempts must not outgrow its document because a provider sends a novel for a name.
 */
export function boundAnswer(answer: ProviderAnswer): ProviderAnswer {
  const { model, providerRequestId } = answer
  return { ...answer, model: boundName(model), providerRequestId: providerRequestId && boundName(providerRequestId) }
}

export function boundError({ type, message, httpStatus, providerCode, providerRequestId }: ProviderError) {
  return {
    type,
    message: boundMessage(message),
    httpStatus,
    providerCode: providerCode && boundName(providerCode),
    providerRequestId: providerRequestId && boundName(providerRequestId),
  }
}
