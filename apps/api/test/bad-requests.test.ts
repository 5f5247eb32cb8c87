import { gzipSync } from "node:zlib"
import { isProblemCode, newJobId, problemDocument, problems } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { type Call, call } from "./support/call.ts"
import { adminKey, chatJob, type MemoryApi, startMemoryApi } from "./support/memory-api.ts"

const authorization = `Bearer ${adminKey}`
const jsonHeaders = { authorization, "content-type": "application/json" }
const unknownId = newJobId({ at: new Date() })
const mebibyte = 1024 * 1024

function post(body: string | Uint8Array, headers: Record<string, string> = {}, path = "/v1/jobs"): Call {
  return { method: "POST", path, headers: { ...jsonHeaders, ...headers }, body }
}
const submit = (job: unknown, headers: Record<string, string> = {}) => post(JSON.stringify(job), headers)
const get = (path: string, headers: Record<string, string> = {}): Call => ({ path, headers: { authorization, ...headers } })
const withInput = (input: unknown) => submit({ route: "chat", input })
const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`

/** The request, the problem that it gets, and what the problem points at. */
const bad: [what: string, request: Call, code: string, pointers?: string[]][] = [
  ["broken JSON", post('{"route":'), "malformed_json"],
  ["an empty body", post(""), "malformed_json"],
  ["a body of no object", post("[]"), "validation_failed", ["#"]],
  ["null", post("null"), "validation_failed", ["#"]],
  ["wrong types", submit({ route: 1, input: {}, options: "x", metadata: [] }), "validation_failed", ["#/route", "#/options", "#/metadata"]],
  ["an unknown field", submit({ ...chatJob, surprise: 1 }), "validation_failed", ["#/surprise"]],
  ["an unknown option", submit({ ...chatJob, options: { prio: "bulk" } }), "validation_failed", ["#/options/prio"]],
  ["an unknown route", submit({ ...chatJob, route: "nowhere" }), "route_unknown"],
  ["a route of Object's", submit({ ...chatJob, route: "constructor" }), "route_unknown"],
  ["no input", submit({ route: "chat" }), "validation_failed", ["#/input"]],
  ["input of another kind", withInput({ texts: ["a"] }), "validation_failed", ["#/input/messages", "#/input/texts"]],
  ["an unknown role", withInput({ messages: [{ role: "bot", content: "x" }] }), "validation_failed", ["#/input/messages/0/role"]],
  [
    "an image that is a script",
    withInput({ messages: [{ role: "user", content: [{ type: "image", url: "javascript:1" }] }] }),
    "validation_failed",
    ["#/input/messages/0/content/0/url"],
  ],
  ["__proto__ as a field", post('{"route":"chat","input":1,"__proto__":{"isAdmin":true}}'), "validation_failed", ["#/__proto__"]],
  [
    "__proto__ in a message",
    post('{"route":"chat","input":{"messages":[{"role":"user","content":"x","__proto__":{}}]}}'),
    "validation_failed",
    ["#/input/messages/0/__proto__"],
  ],
  ["constructor as an option", submit({ ...chatJob, options: { constructor: 1 } }), "validation_failed", ["#/options/constructor"]],
  ["nesting of 65 levels", post(`{"route":"any","input":${nested(64)}}`), "validation_failed", ["#"]],
  ["nesting of 100,000 levels", post(`{"route":"any","input":${nested(100_000)}}`), "validation_failed", ["#"]],
  ["nesting of 100,000 levels that is not closed", post(`{"route":"any","input":${"[".repeat(100_000)}`), "malformed_json"],
  ["a million values", post(`{"route":"any","input":[${"0,".repeat(1_000_000)}0]}`), "validation_failed", ["#"]],
  ["a number beyond a double", post('{"route":"any","input":{"n":[1e400]}}'), "validation_failed", ["#/input/n/0"]],
  [
    "an end before the beginning",
    submit({ ...chatJob, options: { runAt: "2999-01-01T00:00:00Z" } }),
    "validation_failed",
    ["#/options/runAt"],
  ],
  ["a body of 20 MB", post("x".repeat(20_000_000)), "payload_too_large"],
  ["a body of one byte too much", post(JSON.stringify("x".repeat(8 * mebibyte - 1))), "payload_too_large"],
  ["a gzip bomb", post(gzipSync(Buffer.alloc(64 * mebibyte, "0")), { "content-encoding": "gzip" }), "payload_too_large"],
  ["broken gzip", post("not gzip", { "content-encoding": "gzip" }), "malformed_json"],
  ["invalid UTF-8", post(Buffer.from([0x7b, 0xc3, 0x28, 0x7d])), "malformed_json"],
  ["a wrong content type", submit(chatJob, { "content-type": "text/plain" }), "unsupported_media_type"],
  ["a wrong character set", submit(chatJob, { "content-type": "application/json; charset=latin1" }), "unsupported_media_type"],
  ["an unknown coding", submit(chatJob, { "content-encoding": "compress" }), "unsupported_media_type"],
  ["a bad Prefer", submit(chatJob, { prefer: "wait=soon" }), "validation_failed", ["header:Prefer"]],
  ["a bad wait", post(JSON.stringify(chatJob), {}, "/v1/jobs?wait=61"), "validation_failed", ["query:wait"]],
  ["a parameter of another call", post(JSON.stringify(chatJob), {}, "/v1/jobs?expand=input"), "validation_failed", ["query:expand"]],
  ["a bad Idempotency-Key", submit(chatJob, { "idempotency-key": "x".repeat(256) }), "validation_failed", ["header:Idempotency-Key"]],
  ["a bad tenant", submit(chatJob, { "x-sluice-tenant": "../acme" }), "validation_failed", ["header:x-sluice-tenant"]],
  ["no key", { ...submit(chatJob), headers: { "content-type": "application/json" } }, "unauthenticated"],
  ["a wrong key", submit(chatJob, { authorization: "Bearer sk_wrong" }), "unauthenticated"],
  ["no key, and a large body", { method: "POST", path: "/v1/jobs", body: "x".repeat(20_000_000) }, "unauthenticated"],
  ["an unknown id", get(`/v1/jobs/${unknownId}`), "not_found"],
  ["an unknown id, waiting", get(`/v1/jobs/${unknownId}?wait=30`), "not_found"],
  ["an unknown id's output", get(`/v1/jobs/${unknownId}/output`), "not_found"],
  ["a malformed id", get("/v1/jobs/job_1"), "not_found"],
  ["an id in capitals", get(`/v1/jobs/${unknownId.toUpperCase()}`), "not_found"],
  ["an id with NUL", get("/v1/jobs/job_%00"), "not_found"],
  ["garbage in the path", get("/v1/jobs/%zz"), "not_found"],
  ["invalid UTF-8 in the path", get("/v1/jobs/%ff"), "not_found"],
  ["a path out of the API", get("/v1/jobs/..%2f..%2fetc%2fpasswd"), "not_found"],
  ["an unknown address", get("/v2/jobs"), "not_found"],
  ["another case", get("/V1/Jobs"), "not_found"],
  ["two slashes", get("//v1/jobs"), "not_found"],
  ["a whole URL", get("http://[::1/"), "not_found"],
  ["the authority form", get("*"), "not_found"],
  ["a very long path", get(`/${"x".repeat(8_000)}`), "not_found"],
  ["a wrong method on jobs", { ...get("/v1/jobs"), method: "DELETE" }, "method_not_allowed"],
  ["a wrong method on a job", { ...get(`/v1/jobs/${unknownId}`), method: "PUT" }, "method_not_allowed"],
  ["a wrong method on health", { path: "/health/live", method: "POST" }, "method_not_allowed"],
  ["a method of WebDAV", { ...get("/v1/jobs"), method: "SEARCH" }, "method_not_allowed"],
  ["an unknown expansion", get(`/v1/jobs/${unknownId}?expand=attempts,secrets`), "validation_failed", ["query:expand"]],
  ["an unknown parameter", get(`/v1/jobs/${unknownId}?verbose=1`), "validation_failed", ["query:verbose"]],
  ["an unknown parameter of an output", get(`/v1/jobs/${unknownId}/output?download=1`), "validation_failed", ["query:download"]],
  ["a bad cursor", get("/v1/jobs?cursor=AAAA"), "validation_failed", ["query:cursor"]],
  ["an empty cursor", get("/v1/jobs?cursor="), "validation_failed", ["query:cursor"]],
  [
    "bad filters",
    get("/v1/jobs?status=done&limit=0&createdAfter=monday&quality=top"),
    "validation_failed",
    ["query:status", "query:quality", "query:createdAfter", "query:limit"],
  ],
  ["an unknown filter", get("/v1/jobs?__proto__=1"), "validation_failed", ["query:__proto__"]],
  ["a filter given twice", get("/v1/jobs?route=a&route=b"), "validation_failed", ["query:route"]],
  ["a nameless metadata filter", get("/v1/jobs?metadata.=1"), "validation_failed", ["query:metadata."]],
  ["an overlong metadata filter", get(`/v1/jobs?metadata.a=${"x".repeat(513)}`), "validation_failed", ["query:metadata.a"]],
]

async function expectServing(api: MemoryApi): Promise<void> {
  expect((await api.submit(chatJob)).status).toBe(202)
}

describe("bad requests", () => {
  test.each(bad)("%s gets its problem", async (_what, request, code, pointers) => {
    const api = await startMemoryApi()
    const answer = await call(api.url, request)
    const problem = problemDocument.parse(answer.json)
    expect(problem.code).toBe(code)
    if (!isProblemCode(problem.code)) throw new Error("not a problem of the contract")
    expect(answer.status).toBe(problems[problem.code].status)
    expect(problem).toMatchObject({ type: `/problems/${code}`, title: problems[problem.code].title, status: answer.status })
    expect(problem.errors.map(({ pointer }) => pointer)).toEqual(pointers ?? [])
    expect(answer.headers).toMatchObject({ "content-type": "application/problem+json", "x-request-id": problem.requestId })
    expect(answer.headers["www-authenticate"] !== undefined).toBe(answer.status === 401)
    expect(answer.headers.allow !== undefined).toBe(answer.status === 405)
    expect(answer.text.length).toBeLessThan(3_000)
    expect(answer.text).not.toMatch(/\.ts:|node:|node_modules/)
    expect(api.logs.filter(({ level }) => Number(level) >= 50)).toEqual([])
    await expectServing(api)
  })

  test("none of them made a job", async () => {
    const api = await startMemoryApi()
    for (const [, request] of bad) await call(api.url, request)
    expect((await api.call({ path: "/v1/jobs" })).json.data).toEqual([])
    expect("isAdmin" in {}).toBe(false)
  })

  test("with a great many faults lists the first 50", async () => {
    const api = await startMemoryApi()
    const { json } = await api.submit({
      ...chatJob,
      metadata: Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, index])),
    })
    expect(json).toMatchObject({ code: "validation_failed", detail: "5001 fields are wrong. The first 50 are listed." })
    expect(json.errors).toHaveLength(50)
  })

  test("a defect of ours is told as internal, and logged with its stack under the request id", async () => {
    const api = await startMemoryApi({ app: { submitJob: () => Promise.reject(new Error("the pool is empty")) } })
    const answer = await api.submit(chatJob, { headers: { "x-request-id": "mine-1" } })
    expect(answer).toMatchObject({ status: 500, json: { code: "internal", requestId: "mine-1", retryable: true } })
    expect(answer.text).not.toContain("pool")
    await expect.poll(() => api.logs).toMatchObject([{ level: 50, requestId: "mine-1", err: { message: "the pool is empty" } }])
    expect(JSON.stringify(api.logs)).toContain("bad-requests.test.ts")
  })
})
