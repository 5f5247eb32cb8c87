import type { IRouter } from "express"
import { requireScope } from "../../middleware/require-scope.ts"
import { mount } from "../resource.ts"
import type { RouteGuards } from "../route-guards.ts"
import {
  type ApiKeyHandlerDependencies,
  createApiKeyHandler,
  getApiKeyHandler,
  listApiKeysHandler,
  revokeApiKeyHandler,
  rotateApiKeyHandler,
} from "./api-key-handlers.ts"

const base = "/v1/api-keys"

/** The tenant's keys. */
export function mountApiKeys(
  router: IRouter,
  dependencies: ApiKeyHandlerDependencies,
  { authenticate, body, optionalBody }: RouteGuards,
): void {
  const [mayRead, mayWrite] = [requireScope("keys:read"), requireScope("keys:write")]
  mount(router, {
    path: base,
    get: [authenticate, mayRead, listApiKeysHandler(dependencies)],
    post: [authenticate, mayWrite, body, createApiKeyHandler(dependencies)],
  })
  mount(router, { path: `${base}/:id`, get: [authenticate, mayRead, getApiKeyHandler(dependencies)] })
  mount(router, { path: `${base}/:id/rotate`, post: [authenticate, mayWrite, optionalBody, rotateApiKeyHandler(dependencies)] })
  mount(router, { path: `${base}/:id/revoke`, post: [authenticate, mayWrite, revokeApiKeyHandler(dependencies)] })
}
