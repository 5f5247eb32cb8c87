import { z } from "zod"
import { type ProviderCredentialResource, providerCredentialResource, putProviderCredentialRequest } from "../provider-credential.ts"
import { pageOf } from "../queries.ts"
import { name } from "../scalars.ts"
import { exampleTimes } from "./examples.ts"
import { json, type Operation } from "./operation.ts"

const tag = "credentials"
const pathParameters = z.strictObject({
  name: name.meta({ description: "Of an endpoint, or of a provider.", examples: ["openai"] }),
})

const credential: ProviderCredentialResource = {
  name: "openai",
  object: "provider_credential",
  for: "provider",
  hint: "3kQe",
  createdAt: exampleTimes.submitted,
  updatedAt: exampleTimes.submitted,
  lastUsedAt: null,
}

export const providerCredentialOperations: readonly Operation[] = [
  {
    id: "listProviderCredentials",
    method: "get",
    path: "/v1/provider-credentials",
    tag,
    summary: "List the tenant's own keys at providers",
    description: "By name, without the keys.",
    scope: "credentials:read",
    isRevalidated: true,
    answers: {
      200: {
        description: "All of them.",
        content: json(pageOf(providerCredentialResource), { page: { data: [credential], nextCursor: null } }),
      },
    },
  },
  {
    id: "putProviderCredential",
    method: "put",
    path: "/v1/provider-credentials/{name}",
    tag,
    summary: "Store or replace a key",
    description:
      "For the endpoint of that name, or for all endpoints of the provider of that name, of those that take tenants' keys (`credential` in the configuration). Workers use it within seconds. It is stored encrypted: an installation without encryption keys refuses it with `conflict`.",
    scope: "credentials:write",
    pathParameters,
    body: { content: json(putProviderCredentialRequest, { key: { secret: "sk-proj-9aT0Zr5VnE8bqWm2Ls4x3kQe" } }) },
    answers: { 200: { description: "Stored.", content: json(providerCredentialResource, { credential }) } },
    problems: ["conflict"],
  },
  {
    id: "deleteProviderCredential",
    method: "delete",
    path: "/v1/provider-credentials/{name}",
    tag,
    summary: "Remove a key",
    description: "Workers stop using it within seconds. Jobs that nothing else can serve wait until there is one again.",
    scope: "credentials:write",
    pathParameters,
    answers: { 204: { description: "Removed." } },
  },
]
