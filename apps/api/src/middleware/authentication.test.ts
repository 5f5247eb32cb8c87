import { type ApiKey, StorageUnavailableError } from "@sluice/core"
import { sampleApiKey } from "@sluice/core/testing"
import type { LimitsVerdict } from "@sluice/engine"
import express from "express"
import { describe, expect, test } from "vitest"
import { createDashboardSessions } from "../dashboard/sessions.ts"
import { send } from "../testing/send.ts"
import { type AuthenticationOptions, authentication } from "./authentication.ts"
import { problemResponses } from "./problem-responses.ts"
import { requireScope } from "./require-scope.ts"

const sessions = createDashboardSessions({ secret: "sk_right", clock: () => new Date() })
const validKey = `sk_${"a".repeat(43)}`

interface GuardedOptions {
  readonly verify?: AuthenticationOptions["keys"]["verify"]
  readonly disabled?: readonly string[]
  readonly verdict?: Partial<LimitsVerdict>
  readonly jobs?: number
  readonly loaded?: () => Promise<void>
}

function guarded({
  verify = () => Promise.resolve({ kind: "unknown" }),
  disabled = [],
  verdict,
  jobs = 0,
  loaded = () => Promise.resolve(),
}: GuardedOptions = {}) {
  const limits = { admit: () => Promise.resolve({ requests: null, places: null, freePlaces: 0, maxQueuedJobs: null, ...verdict }) }
  const app = express()
  app.use(
    authentication(
      { adminKey: "sk_right", keys: { verify }, sessions, tenants: { loaded, isDisabled: (id) => disabled.includes(id) }, limits },
      { jobs },
    ),
  )
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
  test("trusts no key, but that of the admin, before it is known which tenants are disabled", async () => {
    const loaded = () => Promise.reject(new StorageUnavailableError({ message: "away" }))
    const app = guarded({ ...knows(), loaded })
    expect(await send(app, { headers: { authorization: `Bearer ${validKey}` } })).toMatchObject({ status: 503 })
    expect(await send(app, { headers: { authorization: "Bearer sk_right" } })).toMatchObject({ status: 200 })
  })

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

describe("limits", () => {
  const headers = { authorization: "Bearer sk_right" }
  const requests = { isAllowed: true, limit: 100, remaining: 12, resetMs: 22_100, retryMs: 0 }

  test("that a tenant does not have are not told of", async () => {
    const answer = await send(guarded(), { headers })
    expect(answer.status).toBe(200)
    expect(answer.headers).not.toHaveProperty("ratelimit")
    expect(answer.headers).not.toHaveProperty("ratelimit-policy")
  })

  test("are told of with each answer", async () => {
    const places = { remaining: 7, settle: () => {} }
    const answer = await send(guarded({ verdict: { requests, places, maxQueuedJobs: 50 } }), { headers })
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({
      "ratelimit-policy": '"requests";q=100;w=60, "queued-jobs";q=50',
      ratelimit: '"requests";r=12;t=23, "queued-jobs";r=7',
    })
  })

  test("refuse requests beyond them, and say when to come back", async () => {
    const answer = await send(guarded({ verdict: { requests: { ...requests, isAllowed: false, remaining: 0, retryMs: 4_200 } } }), {
      headers,
    })
    expect(answer.status).toBe(429)
    expect(answer.headers).toMatchObject({ "retry-after": "5", ratelimit: '"requests";r=0;t=23' })
    expect(JSON.parse(answer.text)).toMatchObject({ code: "tenant_rate_limited", retryable: true })
  })

  test("refuse jobs for which there is no place", async () => {
    const answer = await send(guarded({ verdict: { places: "full", maxQueuedJobs: 50 }, jobs: 1 }), { headers })
    expect(answer.status).toBe(429)
    expect(answer.headers).toMatchObject({ "retry-after": "2", ratelimit: '"queued-jobs";r=0' })
    expect(JSON.parse(answer.text)).toMatchObject({ code: "tenant_queue_full", detail: expect.stringContaining("50") })
  })

  test("give places back that were not filled, when the answer is out", async () => {
    const settled: number[] = []
    const places = { remaining: 7, settle: (accepted: number) => void settled.push(accepted) }
    await send(guarded({ verdict: { places, maxQueuedJobs: 50 }, jobs: 1 }), { headers })
    await expect.poll(() => settled).toEqual([0])
  })
})
