import { describe, expect, test } from "vitest"
import { createAddressBook, type RequestBuilder } from "./sdk-address.ts"

function countingBuilder() {
  const asked: object[] = []
  const client: RequestBuilder = {
    buildRequest: async (options) => {
      asked.push(options)
      const url = `http://provider.test/deployments/${options.body.model}${options.path}?v=1`
      return { url, req: { headers: new Headers({ Authorization: "Bearer k", "X-Asked": String(asked.length) }) } }
    },
  }
  return { client, asked }
}

const chat = { path: "/chat", model: "m", timeoutMs: 5_000 }

describe("createAddressBook", () => {
  test("asks the SDK once for all requests of one client, path, model and time-out", async () => {
    const { client, asked } = countingBuilder()
    const addressOf = createAddressBook()
    const first = await addressOf(client, chat)
    expect(first.url.href).toBe("http://provider.test/deployments/m/chat?v=1")
    expect(first.headers).toEqual({ authorization: "Bearer k", "x-asked": "1" })
    expect(await addressOf(client, chat)).toEqual(first)
    expect(asked).toEqual([{ method: "post", path: "/chat", body: { model: "m" }, timeout: 5_000 }])
  })

  test.each([
    ["another path", { ...chat, path: "/embeddings" }],
    ["another model", { ...chat, model: "n" }],
    ["another time-out", { ...chat, timeoutMs: 6_000 }],
  ])("asks anew for %s", async (_what, query) => {
    const { client, asked } = countingBuilder()
    const addressOf = createAddressBook()
    await addressOf(client, chat)
    expect((await addressOf(client, query)).headers["x-asked"]).toBe("2")
    expect(asked).toHaveLength(2)
  })

  test("asks anew for another client, whose credential may differ", async () => {
    const [one, other] = [countingBuilder(), countingBuilder()]
    const addressOf = createAddressBook()
    await addressOf(one.client, chat)
    await addressOf(other.client, chat)
    expect(other.asked).toHaveLength(1)
  })

  test("keeps nothing of a client that could not address a request", async () => {
    const { client } = countingBuilder()
    const addressOf = createAddressBook()
    await expect(addressOf({ buildRequest: () => Promise.reject(new Error("bad option")) }, chat)).rejects.toThrow("bad option")
    let isBroken = true
    const mended: RequestBuilder = { buildRequest: (o) => (isBroken ? Promise.reject(new Error("not yet")) : client.buildRequest(o)) }
    await expect(addressOf(mended, chat)).rejects.toThrow("not yet")
    isBroken = false
    expect((await addressOf(mended, chat)).url.host).toBe("provider.test")
  })

  test("names no time-out that a timer cannot hold", async () => {
    const { client, asked } = countingBuilder()
    await createAddressBook()(client, { ...chat, timeoutMs: 2 ** 40 })
    expect(asked).toMatchObject([{ timeout: 2 ** 31 - 1 }])
  })
})
