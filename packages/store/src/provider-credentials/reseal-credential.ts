import type { ConditionalReseal } from "../encryption/reseal.ts"
import type { Sealer } from "../encryption/sealer.ts"
import { type ProviderCredentialDocument, placeOfCredential } from "./provider-credential-document.ts"

/** Only the key that was read: it may have been replaced meanwhile. */
export function resealedCredential(document: ProviderCredentialDocument, sealer: Sealer): readonly ConditionalReseal[] {
  const { _id, revision, secretKey, secret } = document
  const place = placeOfCredential(document)
  const set = { secret: sealer.seal(sealer.open(secret, place), place), secretKey: sealer.keyId }
  return [{ filter: { _id, revision, secretKey }, set }]
}
