import express from "express"
import { describe, expect, test } from "vitest"
import { send } from "../testing/send.ts"
import { authentication } from "./authentication.ts"
import { problemResponses } from "./problem-responses.ts"

function guarded() {
  const app = express()
  app.use(authentication({ adminKey: "sk_right" }))
  app.get("/", (_request, response) => {
    response.send(response.locals.tenantId)
  })
  app.use(problemResponses())
  return app
}

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
