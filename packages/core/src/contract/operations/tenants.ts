import { z } from "zod"
import { pageOf } from "../queries.ts"
import { name } from "../scalars.ts"
import { createTenantRequest, listTenantsQuery, type TenantResource, tenantResource, updateTenantRequest } from "../tenant-resource.ts"
import { exampleTimes } from "./examples.ts"
import { location } from "./headers.ts"
import { json, type Operation } from "./operation.ts"

const tag = "tenants and keys"
const scope = "tenants:admin"
const pathParameters = z.strictObject({ id: name.meta({ description: "The tenant's id.", examples: ["acme"] }) })

const tenant: TenantResource = {
  id: "acme",
  object: "tenant",
  name: "Acme GmbH",
  settings: { requestsPerMinute: 600, maxQueuedJobs: 10_000, weight: 2, budgetUsdPerDay: null, idempotencyTtlMs: null, retainMs: null },
  setByConfiguration: ["weight"],
  disabled: null,
  createdAt: exampleTimes.submitted,
  updatedAt: exampleTimes.submitted,
}
const disabled: TenantResource = { ...tenant, disabled: { at: exampleTimes.finished, by: "admin" } }

export const tenantOperations: Operation[] = [
  {
    id: "createTenant",
    method: "post",
    path: "/v1/tenants",
    tag,
    summary: "Make a tenant",
    description: "Then make keys for it: `POST /v1/api-keys` with `x-sluice-tenant`.",
    scope,
    body: { content: json(createTenantRequest, { acme: { id: "acme", name: "Acme GmbH", settings: { requestsPerMinute: 600 } } }) },
    answers: {
      201: {
        description: "It is made.",
        headers: z.object({ Location: location("/v1/tenants/{id}", "/v1/tenants/acme") }),
        content: json(tenantResource, { tenant }),
      },
    },
    problems: ["conflict"],
  },
  {
    id: "listTenants",
    method: "get",
    path: "/v1/tenants",
    tag,
    summary: "List tenants",
    description: "Those that `sluice.yaml` declares, and those made by the API.",
    scope,
    query: listTenantsQuery,
    isRevalidated: true,
    answers: {
      200: { description: "A page, by id.", content: json(pageOf(tenantResource), { page: { data: [tenant], nextCursor: null } }) },
    },
  },
  {
    id: "getTenant",
    method: "get",
    path: "/v1/tenants/{id}",
    tag,
    summary: "Read a tenant",
    scope,
    pathParameters,
    isRevalidated: true,
    answers: { 200: { description: "The tenant, with the settings in force.", content: json(tenantResource, { tenant }) } },
  },
  {
    id: "updateTenant",
    method: "patch",
    path: "/v1/tenants/{id}",
    tag,
    summary: "Change a tenant",
    description: "In force in every process within a few seconds. What `sluice.yaml` sets is changed only there.",
    scope,
    pathParameters,
    body: { content: json(updateTenantRequest, { limits: { settings: { requestsPerMinute: 1_200, maxQueuedJobs: null } } }) },
    answers: { 200: { description: "The tenant as it is now.", content: json(tenantResource, { tenant }) } },
    problems: ["conflict"],
  },
  {
    id: "disableTenant",
    method: "post",
    path: "/v1/tenants/{id}/disable",
    tag,
    summary: "Disable a tenant",
    description: "Its keys are refused by every process within a few seconds. Jobs that were accepted before go on.",
    scope,
    pathParameters,
    answers: { 200: { description: "The tenant as it is now.", content: json(tenantResource, { disabled }) } },
  },
  {
    id: "enableTenant",
    method: "post",
    path: "/v1/tenants/{id}/enable",
    tag,
    summary: "Enable a tenant again",
    scope,
    pathParameters,
    answers: { 200: { description: "The tenant as it is now.", content: json(tenantResource, { tenant }) } },
  },
]
