import { describe, expect, test } from "vitest"
import { answeringWith } from "../testing/mock-dispatcher.ts"
import { createSdkExchange } from "./sdk-exchange.ts"

const limits = { signal: new AbortController().signal, firstChunkMs: 0, idleMs: 1_000, maxResponseBytes: 1_000 }
const url = "http://provider.test/x"

describe("createSdkExchange", () => {
  test("returns the answer past the SDK, whatever its status", async () => {
    const { dispatcher, requests } = answeringWith({ status: 429, headers: { "retry-after": "3" }, body: { error: "slow" } })
    const exchange = createSdkExchange(dispatcher)
    const response = await exchange.send(limits, async () => {
      const seen = await exchange.fetch(url, { method: "POST", body: '{"a":1}', headers: { "X-One": "1" } })
      expect(seen.status).toBe(200)
    })
    expect(response).toMatchObject({ status: 429, headers: { "retry-after": "3" } })
    expect(response.body.toString()).toBe('{"error":"slow"}')
    expect(requests).toMatchObject([{ method: "POST", path: "/x", headers: { "x-one": "1" }, body: { a: 1 } }])
  })

  test("rejects with the exchange's own failure, however the SDK wraps it", async () => {
    const { dispatcher } = answeringWith({ status: 200, headers: {}, body: "x".repeat(2_000) })
    const exchange = createSdkExchange(dispatcher)
    const wrapping = exchange.send(limits, () =>
      exchange.fetch(url).catch(() => {
        throw new Error("Connection error.")
      }),
    )
    await expect(wrapping).rejects.toThrow("larger than 1000 bytes")
  })

  test("rejects with the SDK's error when that came first, and for an SDK that asks nobody", async () => {
    const exchange = createSdkExchange(answeringWith({ status: 200, headers: {}, body: "" }).dispatcher)
    await expect(exchange.send(limits, () => Promise.reject(new Error("bad option")))).rejects.toThrow("bad option")
    await expect(exchange.send(limits, () => Promise.resolve())).rejects.toThrow("made no request")
  })

  test("makes no request outside of a call", async () => {
    const { dispatcher, requests } = answeringWith({ status: 200, headers: {}, body: "" })
    await expect(createSdkExchange(dispatcher).fetch(url)).rejects.toThrow("not part of a call")
    expect(requests).toHaveLength(0)
  })
})
