import { Buffer } from "node:buffer"
import { MockAgent } from "undici"
import { describe, expect, test } from "vitest"
import { readAnswerFixture } from "../testing/fixtures.ts"
import { createConnectionPool } from "../transport/connection-pool.ts"
import { generatedImage, imageFromBase64, imageFromUrl } from "./generated-image.ts"

const { body } = readAnswerFixture(new URL("../openai/fixtures/image.json", import.meta.url))
const pngBase64 = /"b64_json":"([^"]+)"/.exec(JSON.stringify(body))?.[1] ?? ""
const png = Buffer.from(pngBase64, "base64")

const malformed = expect.objectContaining({ type: "malformed_response" })

describe("generatedImage", () => {
  test("believes the bytes, not what was said or asked", () => {
    const image = generatedImage({ bytes: png, contentType: "image/jpeg", requestedSize: "1024x1024" })
    expect(image).toEqual({ bytes: png, contentType: "image/png", width: 2, height: 3 })
  })

  test("believes what was said and asked where the bytes are of a form that is not known here", () => {
    const bytes = Buffer.from("0000001c667479706176696600000000", "hex")
    expect(generatedImage({ bytes, contentType: "image/avif", requestedSize: "640x480" })).toMatchObject({
      contentType: "image/avif",
      width: 640,
      height: 480,
    })
    expect(generatedImage({ bytes, contentType: "image/avif", requestedSize: undefined })).toMatchObject({ width: null, height: null })
  })

  test("refuses bytes that are no picture", () => {
    expect(() => generatedImage({ bytes: Buffer.from("<html>"), contentType: "text/html", requestedSize: "1x1" })).toThrow(malformed)
    expect(() => imageFromBase64("not base64!", undefined)).toThrow(malformed)
  })
})

describe("imageFromUrl", () => {
  function linkTo(url: string, reply: { status: number; data: Buffer | string; headers?: Record<string, string> }) {
    const agent = new MockAgent()
    agent.disableNetConnect()
    const seen: unknown[] = []
    const store = agent.get("https://store.test")
    store.intercept({ path: "/moved" }).reply(302, "", { headers: { location: "https://store.test/a.png?sig=1" } })
    store.intercept({ path: "/a.png?sig=1" }).reply((options) => {
      seen.push(options.headers)
      return { statusCode: reply.status, data: reply.data, responseOptions: { headers: reply.headers ?? {} } }
    })
    const limits = { signal: new AbortController().signal, firstChunkMs: 0, idleMs: 1_000, maxResponseBytes: 1_000 }
    const { redirecting } = createConnectionPool(agent)
    return { seen, image: imageFromUrl({ url, requestedSize: "2x3", dispatcher: redirecting, limits }) }
  }

  test("fetches the picture, without any credential", async () => {
    const { image, seen } = linkTo("https://store.test/a.png?sig=1", { status: 200, data: png })
    expect(await image).toMatchObject({ contentType: "image/png", width: 2, height: 3 })
    expect(JSON.stringify(seen)).not.toMatch(/authorization|api-key/i)
  })

  test("follows a redirect", async () => {
    const { image } = linkTo("https://store.test/moved", { status: 200, data: png })
    expect((await image).bytes).toEqual(png)
  })

  test("takes a data: URL as it is", async () => {
    const { image, seen } = linkTo(`data:image/png;base64,${pngBase64}`, { status: 500, data: "" })
    expect((await image).bytes).toEqual(png)
    expect(seen).toHaveLength(0)
  })

  test.each([
    ["an expired link", "https://store.test/a.png?sig=1", { status: 403, data: "expired" }],
    ["a page", "https://store.test/a.png?sig=1", { status: 200, data: "<html>", headers: { "content-type": "text/html" } }],
    ["no link", "file:///etc/passwd", { status: 200, data: png }],
    ["nonsense", "http://", { status: 200, data: png }],
  ])("refuses %s", async (_, url, reply) => {
    await expect(linkTo(url, reply).image).rejects.toThrow(malformed)
  })

  test("refuses a picture beyond the bound", async () => {
    const { image } = linkTo("https://store.test/a.png?sig=1", { status: 200, data: Buffer.concat([png, Buffer.alloc(2_000)]) })
    await expect(image).rejects.toThrow("larger than 1000 bytes")
  })
})
