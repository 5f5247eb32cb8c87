import type { IRouter } from "express"
import { requireScope } from "../../middleware/require-scope.ts"
import type { Guards } from "../mount-dead-letters.ts"
import { mount } from "../resource.ts"
import {
  deleteProviderCredentialHandler,
  listProviderCredentialsHandler,
  type ProviderCredentialHandlerDependencies,
  putProviderCredentialHandler,
} from "./provider-credential-handlers.ts"

/** The tenant's own keys at providers. */
export function mountProviderCredentials(
  router: IRouter,
  dependencies: ProviderCredentialHandlerDependencies,
  { authenticate, body }: Guards,
): void {
  const read = [authenticate, requireScope("credentials:read")]
  const write = [authenticate, requireScope("credentials:write")]
  mount(router, { path: "/v1/provider-credentials", get: [...read, listProviderCredentialsHandler(dependencies)] })
  mount(router, {
    path: "/v1/provider-credentials/:name",
    put: [...write, body, putProviderCredentialHandler(dependencies)],
    delete: [...write, deleteProviderCredentialHandler(dependencies)],
  })
}
