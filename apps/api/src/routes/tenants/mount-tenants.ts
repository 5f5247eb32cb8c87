import type { IRouter } from "express"
import { requireScope } from "../../middleware/require-scope.ts"
import { mount } from "../resource.ts"
import type { RouteGuards } from "../route-guards.ts"
import {
  createTenantHandler,
  disableTenantHandler,
  getTenantHandler,
  listTenantsHandler,
  type TenantHandlerDependencies,
  updateTenantHandler,
} from "./tenant-handlers.ts"

const base = "/v1/tenants"

/** The tenants, for operators. */
export function mountTenants(router: IRouter, dependencies: TenantHandlerDependencies, { authenticate, body }: RouteGuards): void {
  const mayAdminister = requireScope("tenants:admin")
  mount(router, {
    path: base,
    get: [authenticate, mayAdminister, listTenantsHandler(dependencies)],
    post: [authenticate, mayAdminister, body, createTenantHandler(dependencies)],
  })
  mount(router, {
    path: `${base}/:id`,
    get: [authenticate, mayAdminister, getTenantHandler(dependencies)],
    patch: [authenticate, mayAdminister, body, updateTenantHandler(dependencies)],
  })
  for (const [verb, isDisabled] of [["disable", true] as const, ["enable", false] as const]) {
    const handler = disableTenantHandler({ ...dependencies, isDisabled })
    mount(router, { path: `${base}/:id/${verb}`, post: [authenticate, mayAdminister, handler] })
  }
}
