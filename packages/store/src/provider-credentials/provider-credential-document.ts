import type { ProviderCredential } from "@sluice/core"
import type { Binary } from "mongodb"
import type { Place } from "../encryption/sealer.ts"

/** The collection's name. */
export const providerCredentialsCollection = "providerCredentials"

/** A tenant's own key at a provider. It is never kept in clear. */
export interface ProviderCredentialDocument extends Omit<ProviderCredential, "lastUsedAt"> {
  readonly _id: string
  readonly schemaVersion: number
  readonly secret: Binary
  /** The key that encrypted it. */
  readonly secretKey: string
  readonly lastUsedAt?: Date
}

/** One id for one tenant and name, however they run into each other. */
export function credentialIdOf({ tenantId, name }: Pick<ProviderCredential, "tenantId" | "name">): string {
  return JSON.stringify([tenantId, name])
}

export function placeOfCredential(ref: Pick<ProviderCredential, "tenantId" | "name">): Place {
  return { collection: providerCredentialsCollection, id: credentialIdOf(ref), tenantId: ref.tenantId, field: "secret" }
}

export function fromCredentialDocument(
  document: Omit<ProviderCredentialDocument, "secret" | "secretKey" | "schemaVersion">,
): ProviderCredential {
  const { tenantId, name, revision, hint, createdAt, updatedAt, lastUsedAt = null } = document
  return { tenantId, name, revision, hint, createdAt, updatedAt, lastUsedAt }
}
