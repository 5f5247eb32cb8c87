import express from "express"
import { expect, test } from "vitest"
import { send } from "../testing/send.ts"
import { securityHeaders } from "./security-headers.ts"

test("tells browsers to take answers for data only, and says nothing of the server", async () => {
  const app = express()
  app.disable("x-powered-by")
  app.use(securityHeaders())
  const { headers } = await send(app, {})
  expect(headers).toMatchObject({
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "strict-transport-security": expect.stringContaining("max-age="),
  })
  expect(headers["content-security-policy"]).toContain("'none'")
  expect(headers["x-powered-by"]).toBeUndefined()
})
