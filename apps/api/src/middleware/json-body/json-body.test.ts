import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib"
import express from "express"
import { describe, expect, test } from "vitest"
import { send, type TestRequest } from "../../testing/send.ts"
import { problemResponses } from "../problem-responses.ts"
import { jsonBody } from "./json-body.ts"

const json = { "content-type": "application/json" }
const value = { text: "Grüße 🌍", list: [1, -0.5, 1e300, true, null] }
const body = JSON.stringify(value)

function echoing() {
  const app = express()
  app.post("/", jsonBody({ maxBytes: 1_000, maxDepth: 8 }), (request, response) => {
    response.json(request.body)
  })
  app.use(problemResponses())
  return app
}

async function post(request: TestRequest) {
  const answer = await send(echoing(), { method: "POST", ...request })
  return { ...answer, json: JSON.parse(answer.text) }
}

describe("jsonBody", () => {
  test.each(["application/json", "application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"', "application/json;profile=x"])(
    "takes %s",
    async (type) => {
      expect(await post({ headers: { "content-type": type }, body })).toMatchObject({ status: 200, json: value })
    },
  )

  test.each([
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["GZIP", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
    ["identity", (text: string) => text],
  ])("unpacks %s", async (coding, pack) => {
    expect(await post({ headers: { ...json, "content-encoding": coding }, body: pack(body) })).toMatchObject({ status: 200, json: value })
  })

  test("takes a byte order mark for what it is", async () => {
    expect(await post({ headers: json, body: `\uFEFF${body}` })).toMatchObject({ status: 200, json: value })
  })

  test("takes a body of just the allowed size", async () => {
    expect((await post({ headers: json, body: JSON.stringify("x".repeat(998)) })).status).toBe(200)
    expect((await post({ headers: json, body: JSON.stringify("x".repeat(999)) })).status).toBe(413)
  })

  const chunked = { ...json, "transfer-encoding": "chunked" }
  test.each<[string, TestRequest, string, RegExp]>([
    ["no body", {}, "malformed_json", /empty/],
    ["an empty body", { headers: { ...json, "content-length": "0" } }, "malformed_json", /empty/],
    ["an empty chunked body", { headers: chunked }, "malformed_json", /empty/],
    ["only a byte order mark", { headers: json, body: "\uFEFF" }, "malformed_json", /ends too early/],
    ["JSON that is cut off", { headers: json, body: '{"a":[1,' }, "malformed_json", /ends too early/],
    ["a wrong token", { headers: json, body: '{\n  "a": 1,\n  "b": secret\n}' }, "malformed_json", /line 3, column 8/],
    ["a comment", { headers: json, body: "{} // secret" }, "malformed_json", /line 1, column 4/],
    ["text that is not UTF-8", { headers: json, body: Buffer.from([0x22, 0xff, 0x22]) }, "malformed_json", /UTF-8/],
    ["a surrogate alone in UTF-8", { headers: json, body: Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]) }, "malformed_json", /UTF-8/],
    ["UTF-16", { headers: json, body: Buffer.from(body, "utf16le") }, "malformed_json", /./],
    ["no content type", { body }, "unsupported_media_type", /no Content-Type/],
    ["a form", { headers: { "content-type": "application/x-www-form-urlencoded" }, body }, "unsupported_media_type", /application\/json/],
    ["another JSON type", { headers: { "content-type": "application/merge-patch+json" }, body }, "unsupported_media_type", /./],
    ["a broken content type", { headers: { "content-type": "json" }, body }, "unsupported_media_type", /./],
    ["latin 1", { headers: { "content-type": "application/json; charset=iso-8859-1" }, body }, "unsupported_media_type", /UTF-8/],
    ["an unknown coding", { headers: { ...json, "content-encoding": "zstd" }, body }, "unsupported_media_type", /gzip, deflate, br/],
    ["two codings", { headers: { ...json, "content-encoding": "gzip, gzip" }, body }, "unsupported_media_type", /only one/],
    ["broken gzip", { headers: { ...json, "content-encoding": "gzip" }, body }, "malformed_json", /unpacked as gzip/],
    ["gzip cut off", { headers: { ...json, "content-encoding": "gzip" }, body: gzipSync(body).subarray(0, -9) }, "malformed_json", /gzip/],
    ["broken br", { headers: { ...json, "content-encoding": "br" }, body: "xx" }, "malformed_json", /unpacked as br/],
    ["a body that is too large", { headers: json, body: "x".repeat(1_001) }, "payload_too_large", /1000 bytes/],
    ["a large chunked body", { headers: chunked, body: "x".repeat(1_001) }, "payload_too_large", /1000 bytes/],
    [
      "a gzip bomb",
      { headers: { ...json, "content-encoding": "gzip" }, body: gzipSync("0".repeat(50_000)) },
      "payload_too_large",
      /unpacked/,
    ],
    [
      "a br bomb",
      { headers: { ...json, "content-encoding": "br" }, body: brotliCompressSync("0".repeat(50_000)) },
      "payload_too_large",
      /./,
    ],
    ["deep nesting", { headers: json, body: "[".repeat(400) + "]".repeat(400) }, "validation_failed", /./],
  ])("refuses %s", async (_what, request, code, detail) => {
    const answer = await post(request)
    expect(answer.json).toMatchObject({ code, detail: expect.stringMatching(detail) })
    expect(answer.status).toBe(answer.json.status)
    expect(answer.text).not.toContain("secret")
  })

  test("keeps __proto__ and constructor as plain data", async () => {
    const text = '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}'
    const answer = await post({ headers: json, body: text })
    expect(answer.text).toBe(text)
    expect("isAdmin" in {}).toBe(false)
  })
})
