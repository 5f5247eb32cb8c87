import { z } from "zod"
import { name, timestamp } from "./scalars.ts"

const minSecretLength = 8
const maxSecretLength = 4_096

function faultOfSecret(secret: string): string | null {
  // None of these repeats what was sent.
  if (/^(?:env|file|aws-sm):/.test(secret)) return "This is a reference to a secret. Send the key itself: it is stored encrypted."
  if (/^bearer\s/i.test(secret)) return "Send the key without `Bearer `."
  if (/\s/.test(secret)) return "The key has spaces or line breaks in it, which no provider's key has. Was more than the key copied?"
  if (!/^[\x21-\x7e]*$/.test(secret)) return "The key has characters that cannot travel in a header. Only printable ASCII can."
  if (secret.length < minSecretLength) return `The key is shorter than ${minSecretLength} characters. Was it cut?`
  return /^(?:x+|\*+|\.+|<.*>|your[-_].*)$/i.test(secret) || /\.{3}|\*{3}/.test(secret)
    ? "This stands for a key, and is none. Send the whole key."
    : null
}

export const putProviderCredentialRequest = z
  .strictObject({
    secret: z
      .string()
      .max(maxSecretLength)
      .superRefine((secret, context) => {
        const message = faultOfSecret(secret)
        if (message !== null) context.addIssue({ code: "custom", message })
      })
      .describe("The key, as the provider gave it out. It is stored encrypted and in no answer."),
  })
  .meta({ id: "PutProviderCredentialRequest" })
export type PutProviderCredentialRequest = z.infer<typeof putProviderCredentialRequest>

export const providerCredentialResource = z
  .strictObject({
    name: name.describe("Of an endpoint, or of a provider."),
    object: z.literal("provider_credential"),
    for: z.enum(["endpoint", "provider"]).nullable().describe("Null: the configuration has nothing of that name any more."),
    hint: z.string().describe("How the key ends."),
    createdAt: timestamp,
    updatedAt: timestamp.describe("When the key was replaced last."),
    lastUsedAt: timestamp.nullable().describe("Within a minute or so."),
  })
  .meta({ id: "ProviderCredential", description: "A tenant's own key at a provider, without the key." })
export type ProviderCredentialResource = z.infer<typeof providerCredentialResource>
