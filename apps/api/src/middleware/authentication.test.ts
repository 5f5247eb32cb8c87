import { type ApiKey, StorageUnavailableError } from "@sluice/core"
import { sampleApiKey } from "@sluice/core/testing"
import express from "express"
import { describe, expect, test } from "vitest"
import { send } from "../testing/send.ts"
import { type AuthenticationOptions, authentication } from "./authentication.ts"
import { problemResponses } from "./problem-responses.ts"
import { requireScope } from "./require-scope.ts"

const validKey = `sk_${"a".repeat(43)}`

interface GuardedOptions {
  readonly verify?: AuthenticationOptions["keys"]["verify"]
  readonly disabled?: readonly string[]
}

function guarded({ verify = () => Promise.resolve({ kind: "unknown" }), disabled = [] }: GuardedOptions = {}) {
  const app = express()
  app.use(authentication({ adminKey: "sk_right", keys: { verify }, tenants: { isDisabled: (id) => disabled.includes(id) } }))
  app.get("/", (_request, response) => {
    response.send(response.locals.tenantId)
  })
  app.get("/scoped", requireScope("jobs:read"), (_request, response) => {
    response.send(response.locals.principal.actor)
  })
  app.use(problemResponses())
  return app
}

/** Knows one key, of the tenant `acme`. */
const knows = (key: Partial<ApiKey> = {}): GuardedOptions => ({
  verify: (text) =>
    Promise.resolve(
      text === validKey ? { kind: "valid", key: sampleApiKey({ id: "key_1", tenantId: "acme", ...key }) } : { kind: "unknown" },
    ),
})

describe("authentication", () => {
  test.each(["Bearer sk_right", "bearer sk_right", "BEARER  sk_right "])("takes %j, for the default tenant", async (authorization) => {
    const answer = await send(guarded(), { headers: { authorization } })
    expect(answer).toMatchObject({ status: 200, text: "default" })
  })

  test.each([
    ["Bearer sk_wrong", 'Bearer error="invalid_token"'],
    ["Bearer sk_right2", 'Bearer error="invalid_token"'],
    ["Bearer sk_righ", 'Bearer error="invalid_token"'],
    ["Bearer SK_RIGHT", 'Bearer error="invalid_token"'],
    ["Bearer", "Bearer"],
    ["Bearer a b", "Bearer"],
    ["Basic c2tfcmlnaHQ6", "Bearer"],
    ["sk_right", "Bearer"],
    ["", "Bearer"],
  ])("refuses %j", async (authorization, challenge) => {
    const answer = await send(guarded(), { headers: { authorization } })
    expect(answer.status).toBe(401)
    expect(answer.headers["www-authenticate"]).toBe(challenge)
    expect(JSON.parse(answer.text)).toMatchObject({ code: "unauthenticated" })
    expect(answer.text).not.toContain("sk_right")
  })

  test("refuses a request without a key, and says how to send one", async () => {
    const answer = await send(guarded(), {})
    expect(answer.status).toBe(401)
    expect(JSON.parse(answer.text).detail).toContain("Authorization: Bearer sk_")
  })

  test("lets the admin key act for another tenant", async () => {
    const headers = { authorization: "Bearer sk_right", "x-sluice-tenant": "ten_acme" }
    expect(await send(guarded(), { headers })).toMatchObject({ status: 200, text: "ten_acme" })
  })

  test.each(["", "Acme", "a b", "-a", "a".repeat(65), "a,b", "../x"])("refuses the tenant %j", async (tenant) => {
    const answer = await send(guarded(), { headers: { authorization: "Bearer sk_right", "x-sluice-tenant": tenant } })
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.text).errors).toMatchObject([{ pointer: "header:x-sluice-tenant" }])
  })
})

describe("keys of tenants", () => {
  const authorization = `Bearer ${validKey}`

  test("act for their tenant, under their own name", async () => {
    expect(await send(guarded(knows()), { headers: { authorization } })).toMatchObject({ status: 200, text: "acme" })
    expect(await send(guarded(knows()), { path: "/scoped", headers: { authorization } })).toMatchObject({ status: 200, text: "key_1" })
    const named = { authorization, "x-sluice-tenant": "acme" }
    expect(await send(guarded(knows()), { headers: named })).toMatchObject({ status: 200, text: "acme" })
  })

  test("act for another tenant only with tenants:admin", async () => {
    const headers = { authorization, "x-sluice-tenant": "other" }
    const answer = await send(guarded(knows()), { headers })
    expect(answer.status).toBe(403)
    expect(JSON.parse(answer.text)).toMatchObject({ code: "scope_missing", detail: expect.stringContaining("tenants:admin") })
    const operator = knows({ scopes: ["tenants:admin"] })
    expect(await send(guarded(operator), { headers })).toMatchObject({ status: 200, text: "other" })
  })

  test("that lack a scope are told which", async () => {
    const answer = await send(guarded(knows({ scopes: ["webhooks:*"] })), { path: "/scoped", headers: { authorization } })
    expect(answer.status).toBe(403)
    expect(JSON.parse(answer.text)).toMatchObject({ code: "scope_missing", detail: expect.stringContaining("jobs:read") })
  })

  test.each(["expired", "revoked", "unknown"] as const)("that are %s are refused", async (kind) => {
    const answer = await send(guarded({ verify: () => Promise.resolve({ kind }) }), { headers: { authorization } })
    expect(answer.status).toBe(401)
    expect(answer.headers["www-authenticate"]).toBe('Bearer error="invalid_token"')
    expect(answer.text).not.toContain(validKey)
  })

  test("of a disabled tenant are refused", async () => {
    const answer = await send(guarded({ ...knows(), disabled: ["acme"] }), { headers: { authorization } })
    expect(answer.status).toBe(401)
    expect(JSON.parse(answer.text).detail).toContain("disabled")
  })

  test("that nobody can judge at present are not called wrong", async () => {
    const verify = () => Promise.reject(new StorageUnavailableError({ message: "away" }))
    const answer = await send(guarded({ verify }), { headers: { authorization } })
    expect(answer.status).toBe(503)
    expect(answer.headers["retry-after"]).toBeDefined()
  })
})
