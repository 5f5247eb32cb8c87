import { z } from "zod"
import {
  type ApiKeyResource,
  apiKeyId,
  apiKeyResource,
  createApiKeyRequest,
  listApiKeysQuery,
  rotateApiKeyRequest,
} from "../api-key-resource.ts"
import { pageOf } from "../queries.ts"
import { exampleIds, exampleTimes } from "./examples.ts"
import { location } from "./headers.ts"
import { json, type Operation } from "./operation.ts"

const tag = "tenants and keys"
const pathParameters = z.strictObject({ id: apiKeyId })
const self = `/v1/api-keys/${exampleIds.apiKey}`
const secret = "sk_7Xw2mZ0cQe1uVb9sKf4tJd8aLr6yNh3pGi5oTz2kWxE"

const apiKey: ApiKeyResource = {
  id: exampleIds.apiKey,
  object: "api_key",
  tenantId: "acme",
  name: "orders service",
  status: "active",
  scopes: ["jobs:*", "dead-letters:read"],
  hint: "sk_7Xw2mZ",
  createdAt: exampleTimes.submitted,
  createdBy: "admin",
  expiresAt: null,
  previousSecretExpiresAt: null,
  lastUsedAt: exampleTimes.finished,
  revokedAt: null,
  revokedBy: null,
}
const revoked: ApiKeyResource = { ...apiKey, status: "revoked", revokedAt: exampleTimes.finished, revokedBy: "admin" }
const rotated: ApiKeyResource = { ...apiKey, previousSecretExpiresAt: exampleTimes.expires, key: secret }

export const apiKeyOperations: Operation[] = [
  {
    id: "createApiKey",
    method: "post",
    path: "/v1/api-keys",
    tag,
    summary: "Make a key",
    description:
      "Its secret is in this answer, and in those of rotations, and nowhere else. A key can give no more than it has itself: neither scopes nor time.",
    scope: "keys:write",
    body: {
      content: json(createApiKeyRequest, {
        service: { name: "orders service", scopes: ["jobs:*", "dead-letters:read"] },
        temporary: { name: "report", scopes: ["*:read"], expiresAt: exampleTimes.expires },
      }),
    },
    answers: {
      201: {
        description: "It is made, and accepted by every process from now on.",
        headers: z.object({ Location: location("/v1/api-keys/{id}", self) }),
        content: json(apiKeyResource, { created: { ...apiKey, lastUsedAt: null, key: secret } }),
      },
    },
    problems: ["not_found"],
  },
  {
    id: "listApiKeys",
    method: "get",
    path: "/v1/api-keys",
    tag,
    summary: "List keys",
    description: "Revoked and expired ones too.",
    scope: "keys:read",
    query: listApiKeysQuery,
    isRevalidated: true,
    answers: {
      200: { description: "A page, newest first.", content: json(pageOf(apiKeyResource), { page: { data: [apiKey], nextCursor: null } }) },
    },
  },
  {
    id: "getApiKey",
    method: "get",
    path: "/v1/api-keys/{id}",
    tag,
    summary: "Read a key",
    scope: "keys:read",
    pathParameters,
    isRevalidated: true,
    answers: { 200: { description: "The key as it is, without its secret.", content: json(apiKeyResource, { apiKey }) } },
  },
  {
    id: "rotateApiKey",
    method: "post",
    path: "/v1/api-keys/{id}/rotate",
    tag,
    summary: "Give a key a new secret",
    description: "The old one is accepted too until the overlap ends. Only with a key that has all that this one has.",
    scope: "keys:write",
    pathParameters,
    body: { isOptional: true, content: json(rotateApiKeyRequest, { atOnce: { overlapMs: 0 }, anHour: { overlapMs: 3_600_000 } }) },
    answers: { 200: { description: "The key with its new secret, told this once.", content: json(apiKeyResource, { rotated }) } },
    problems: ["conflict"],
  },
  {
    id: "revokeApiKey",
    method: "post",
    path: "/v1/api-keys/{id}/revoke",
    tag,
    summary: "Revoke a key",
    description: "It is refused by every process within a few seconds, for good. Again it changes nothing.",
    scope: "keys:write",
    pathParameters,
    answers: { 200: { description: "The key as it is now.", content: json(apiKeyResource, { revoked }) } },
  },
]
