import type { NewProviderCredential, ProviderCredentialStore, PutCredentialOutcome } from "@sluice/core"
import { Binary } from "mongodb"
import { type Database, type SendTo, sendTo } from "../connection/database.ts"
import type { Sealer } from "../encryption/sealer.ts"
import { isDuplicateKey } from "../errors/duplicate-key.ts"
import { TryAgain } from "../errors/try-again.ts"
import type { Operations } from "../operations/operations.ts"
import {
  credentialIdOf,
  fromCredentialDocument,
  type ProviderCredentialDocument,
  placeOfCredential,
  providerCredentialsCollection,
} from "./provider-credential-document.ts"

const schemaVersion = 1
const withoutSecret = { secret: 0, secretKey: 0 } as const

interface ProviderCredentialStoreOptions {
  readonly database: Database
  readonly operations: Operations
  readonly sealer: Sealer
}

/** The `ProviderCredentialStore` on a database that has its indexes. */
export function createProviderCredentialStore({ database, operations, sealer }: ProviderCredentialStoreOptions): ProviderCredentialStore {
  const toCredentials = sendTo<ProviderCredentialDocument>(database, providerCredentialsCollection)
  return {
    put: (credential) => operations.run(`provider credential ${credential.name}`, () => put(toCredentials, credential, sealer)),
    list: ({ tenantId }) =>
      operations.run("list of provider credentials", async () => {
        const options = { sort: { name: 1 }, projection: withoutSecret } as const
        const found = await toCredentials((credentials) => credentials.find({ tenantId }, options).toArray())
        return found.map(fromCredentialDocument)
      }),
    remove: ({ tenantId, name }) =>
      operations.run(`removal of provider credential ${name}`, async () => {
        const _id = credentialIdOf({ tenantId, name })
        const { deletedCount } = await toCredentials((credentials) => credentials.deleteOne({ _id, tenantId }))
        return deletedCount === 1
      }),
    secretsOf: ({ tenantId }) =>
      operations.run("read of provider credentials", async () => {
        const found = await toCredentials((credentials) => credentials.find({ tenantId }, { sort: { name: 1 } }).toArray())
        return found.map((document) => ({
          ...fromCredentialDocument(document),
          secret: sealer.open(document.secret, placeOfCredential(document)),
        }))
      }),
    noteUse: ({ tenantId, name, at }) =>
      operations.run(`use of provider credential ${name}`, async () => {
        const _id = credentialIdOf({ tenantId, name })
        await toCredentials((credentials) => credentials.updateOne({ _id, tenantId }, { $max: { lastUsedAt: at } }))
      }),
  }
}

async function put(
  toCredentials: SendTo<ProviderCredentialDocument>,
  { secret, at, ...credential }: NewProviderCredential,
  sealer: Sealer,
): Promise<PutCredentialOutcome> {
  const sealed = sealer.seal(secret, placeOfCredential(credential))
  if (!(sealed instanceof Binary) || sealer.keyId === null) return { kind: "no_encryption_key" }
  const set = { schemaVersion, ...credential, secret: sealed, secretKey: sealer.keyId, updatedAt: at }
  try {
    const stored = await toCredentials((credentials) =>
      credentials.findOneAndUpdate(
        { _id: credentialIdOf(credential), tenantId: credential.tenantId },
        { $set: set, $setOnInsert: { createdAt: at } },
        { upsert: true, returnDocument: "after", projection: withoutSecret },
      ),
    )
    if (!stored) throw new TryAgain("the credential was removed while it was stored")
    return { kind: "stored", credential: fromCredentialDocument(stored) }
  } catch (error) {
    if (isDuplicateKey(error)) throw new TryAgain("another process made it first")
    throw error
  }
}
