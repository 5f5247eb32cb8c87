import { expect, test } from "vitest"
import { chatJob, startMemoryApi } from "./support/memory-api.ts"

test("metrics need a key, and tell requests by route template", async () => {
  const { call, submit } = await startMemoryApi()
  const { json } = await submit(chatJob)
  await call({ path: `/v1/jobs/${json.id}` })
  await call({ path: "/nowhere/at/all" })
  expect(await call({ path: "/metrics", headers: { authorization: "" } })).toMatchObject({ status: 401 })
  const { status, headers, text } = await call({ path: "/metrics" })
  expect(status).toBe(200)
  expect(headers["content-type"]).toContain("text/plain; version=0.0.4")
  const counts = text.split("\n").filter((line) => line.startsWith("http_server_request_duration_seconds_count"))
  expect(counts).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/method="POST",http_route="\/v1\/jobs",http_response_status_code="202".* 1$/),
      expect.stringMatching(/method="GET",http_route="\/v1\/jobs\/:id",http_response_status_code="200".* 1$/),
      expect.stringMatching(/http_route="none",http_response_status_code="404".* 1$/),
    ]),
  )
  expect(text).not.toContain(json.id)
})

test("paths and methods that callers make up make no series", async () => {
  const { call } = await startMemoryApi()
  const series = async () => (await call({ path: "/metrics" })).text.split("\n").filter((line) => line.startsWith("http_server")).length
  await call({ path: "/nowhere" })
  await call({ path: "/metrics" })
  const before = await series()
  await Promise.all(Array.from({ length: 200 }, (_, index) => call({ path: `/nowhere/${index}` })))
  expect(await series()).toBe(before)
})
