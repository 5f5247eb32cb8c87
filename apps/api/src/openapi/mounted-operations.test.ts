import { type Operation, operations } from "@sluice/core/operations"
import { expect, test } from "vitest"
import { startMemoryApi } from "../../test/support/memory-api.ts"
import { mountedCalls } from "../../test/support/mounted-calls.ts"
import { openaiBase } from "../openai-wire/mount-openai-wire.ts"

/** What pages are made of, what leads to them, and how browsers sign in: for browsers to find and for nobody else to call. */
const forBrowsers = ["GET /", "GET /docs/scalar.js", ...["GET", "POST", "DELETE"].map((method) => `${method} /dashboard/session`)]

/** What stands under this is OpenAI's wire, and described by OpenAI. */
const isOpenaiWire = (call: string) => call.includes(` ${openaiBase}/`)

test("every route is an operation of the contract or of OpenAI's wire, and every operation a route", async () => {
  const { express } = await startMemoryApi()
  const described = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`)
  expect(described.filter(isOpenaiWire)).toEqual([])
  const ours = mountedCalls(express).filter((call) => !isOpenaiWire(call))
  expect(ours.sort()).toEqual([...described, ...forBrowsers].sort())
})

test("every operation asks for the scope that it is said to need", async () => {
  const api = await startMemoryApi()
  const { text } = await api.access.makeKey({ scopes: [] })
  const asked = await Promise.all(
    operations.map(async (operation) => {
      const request = { method: operation.method.toUpperCase(), path: somePath(operation), headers: { authorization: `Bearer ${text}` } }
      const { status, json } = await api.call(request)
      return [operation.id, status === 403 ? /lacks ([a-z-]+:[a-z]+)/.exec(json.detail)?.[1] : null]
    }),
  )
  expect(Object.fromEntries(asked)).toEqual(Object.fromEntries(operations.map(({ id, scope }) => [id, scope])))
})

test("every call of OpenAI's wire asks for a scope to read and for another to do, and says so in OpenAI's words", async () => {
  const api = await startMemoryApi()
  const { text } = await api.access.makeKey({ scopes: [] })
  const calls = mountedCalls(api.express).filter(isOpenaiWire)
  expect(calls.length).toBeGreaterThan(5)
  for (const call of calls) {
    const [method = "", path = ""] = call.replaceAll(/\{\w+\}/g, "x").split(" ")
    const { status, json } = await api.call({ method, path, headers: { authorization: `Bearer ${text}` } })
    const of = path.includes("webhook_endpoints") ? "webhooks" : "jobs"
    const message = expect.stringContaining(`lacks ${of}:${method === "GET" ? "read" : "write"}.`)
    expect([call, status, json.error]).toMatchObject([call, 403, { code: "insufficient_permissions", message }])
  }
})

function somePath({ path }: Operation): string {
  return path.replaceAll(/\{\w+\}/g, "x")
}
