import { expect, test, vi } from "vitest"
import { sampleCall } from "../testing/sample-call.ts"
import { createClientCache } from "./client-cache.ts"

const source = (key: string | null, changes: object = {}) => ({
  endpoint: { ...sampleCall({ provider: "openai" }).endpoint, ...changes },
  apiKey: key,
})

test("makes one client for each base URL, version, credential and set of headers", () => {
  const create = vi.fn(() => ({}))
  const clientFor = createClientCache(create)
  const first = clientFor(source("a"))
  expect(clientFor(source("a", { model: "other", name: "other" }))).toBe(first)
  const others = [
    clientFor(source("b")),
    clientFor(source(null)),
    clientFor(source("a", { baseUrl: "http://other.test" })),
    clientFor(source("a", { apiVersion: "v1" })),
    clientFor(source("a", { headers: { x: "1" } })),
  ]
  expect(new Set([first, ...others]).size).toBe(6)
  expect(create).toHaveBeenCalledTimes(6)
})

test("lets go of the client that was not used for longest", () => {
  const create = vi.fn(({ apiKey }: { apiKey: string | null }) => ({ apiKey }))
  const clientFor = createClientCache(create, 2)
  const a = clientFor(source("a"))
  clientFor(source("b"))
  expect(clientFor(source("a"))).toBe(a)
  clientFor(source("c"))
  expect(clientFor(source("a"))).toBe(a)
  clientFor(source("b"))
  expect(create.mock.calls.map(([{ apiKey }]) => apiKey)).toEqual(["a", "b", "c", "b"])
})
