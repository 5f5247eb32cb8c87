import { operations } from "@sluice/core/operations"
import { expect, test } from "vitest"
import { startMemoryApi } from "./support/memory-api.ts"
import { mountedCalls } from "./support/mounted-calls.ts"

/** What the page of documentation is made of, and what leads to it, is for browsers to find and for nobody to call. */
const forBrowsers = ["GET /", "GET /docs/scalar.js"]

test("every route is an operation of the contract, and every operation a route", async () => {
  const { express } = await startMemoryApi()
  const described = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`)
  expect(mountedCalls(express).sort()).toEqual([...described, ...forBrowsers].sort())
})
