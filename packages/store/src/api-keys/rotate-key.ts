import { type ApiKeyStore, rotateKeySecrets } from "@sluice/core"
import { noteChange } from "../changes/changes.ts"
import { TryAgain } from "../errors/try-again.ts"
import { fromApiKeyDocument } from "./api-key-document.ts"
import type { ApiKeyContext } from "./api-key-store.ts"

/** Conditional on the version that was read: of two rotations at once the second builds on the first. */
export function rotateKey({ toKeys, operations }: ApiKeyContext): ApiKeyStore["rotate"] {
  return ({ tenantId, id, hash, hint, at, overlapMs }) =>
    operations.run(`rotation of ${id}`, async () => {
      const unrevoked = { _id: id, tenantId, revoked: { $exists: false } }
      const before = await toKeys((keys) => keys.findOne(unrevoked))
      if (!before) return null
      // Made already, by an attempt whose outcome was unknown.
      if (before.secrets[0]?.hash === hash) return fromApiKeyDocument(before)
      const secrets = rotateKeySecrets(before.secrets, { hash, hint, at, overlapMs })
      const rotated = await toKeys((keys) =>
        keys.findOneAndUpdate(
          { ...unrevoked, secretsVersion: before.secretsVersion },
          { $set: { secrets }, $inc: { secretsVersion: 1 }, ...noteChange },
          { returnDocument: "after" },
        ),
      )
      if (!rotated) throw new TryAgain("the key changed while it was rotated")
      return fromApiKeyDocument(rotated)
    })
}
