const masked = "[secret]"

/** OpenAI's, Anthropic's and their kind (`sk-proj-..`, `sk-ant-..`), also half masked by the vendor; Google's; bearer tokens. */
const knownForms = [/\bsk-[\w*.-]{4,}/g, /\bAIza[\w-]{20,}/g, /\bBearer +[\w.~+/=-]{8,}/gi]

/** Below this length a "secret" would blank out ordinary words. */
const shortestSecret = 6

/** Replaces the given secrets, and whatever has the form of one, so that a message can be shown and stored. */
export function maskSecrets(text: string, secrets: readonly (string | null)[]): string {
  let result = text
  for (const secret of secrets) {
    if (secret !== null && secret.length >= shortestSecret) result = result.replaceAll(secret, masked)
  }
  for (const form of knownForms) result = result.replace(form, masked)
  return result
}
