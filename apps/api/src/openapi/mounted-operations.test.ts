import { type Operation, operations } from "@sluice/core/operations"
import { expect, test } from "vitest"
import { startMemoryApi } from "../../test/support/memory-api.ts"
import { mountedCalls } from "../../test/support/mounted-calls.ts"

/** What pages are made of, what leads to them, and how browsers sign in: for browsers to find and for nobody else to call. */
const forBrowsers = ["GET /", "GET /docs/scalar.js", ...["GET", "POST", "DELETE"].map((method) => `${method} /dashboard/session`)]

test("every route is an operation of the contract, and every operation a route", async () => {
  const { express } = await startMemoryApi()
  const described = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`)
  expect(mountedCalls(express).sort()).toEqual([...described, ...forBrowsers].sort())
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

function somePath({ path }: Operation): string {
  return path.replaceAll(/\{\w+\}/g, "x")
}
