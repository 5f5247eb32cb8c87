import { randomUUID } from "node:crypto"
import { createProviderCredentials } from "@sluice/engine"
import type { LiveCatalog } from "@sluice/runtime"
import type { ProviderCredentialHandlerDependencies } from "../routes/provider-credentials/provider-credential-handlers.ts"
import type { ApiStore } from "./deferred-store.ts"

/** What the routes of tenants' own keys need, beside the audit log. */
export function buildProviderCredentials(parts: {
  readonly store: Pick<ApiStore, "providerCredentials">
  readonly catalog: LiveCatalog
}): Pick<ProviderCredentialHandlerDependencies, "providerCredentials"> {
  const { store, catalog } = parts
  const clock = () => new Date()
  return {
    providerCredentials: createProviderCredentials({
      store: store.providerCredentials,
      catalog: catalog.current,
      clock,
      newRevision: randomUUID,
    }),
  }
}
