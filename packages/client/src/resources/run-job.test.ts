import { expect, test } from "vitest"
import { JobFailedError } from "../errors/job-failed-error.ts"
import { WaitTimeoutError } from "../errors/wait-timeout-error.ts"
import { ok, refused } from "../testing/fake-fetch.ts"
import { testClient } from "../testing/test-client.ts"

const request = { route: "chat", input: { messages: [{ role: "user", content: "Hi" }] } }
const running = { id: "job_1", status: "running", kind: "chat", output: null, outputUrl: null, finishedAt: null }
const finishedAt = "2026-11-21T12:00:01.000Z"
const succeeded = { ...running, status: "succeeded", output: { text: "Hello" }, finishedAt }
const failed = { ...running, status: "failed", error: { type: "context_length", message: "Too long." }, finishedAt }

test("a short job takes one request", async () => {
  const { client, sent } = testClient([ok(succeeded)])
  expect(await client.run(request)).toEqual(succeeded)
  expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual(["POST http://api.test/base/v1/jobs?wait=20"])
})

test("a longer one is waited for, and a lost answer makes no second job", async () => {
  const { client, sent } = testClient([refused, ok(running, 202), ok(running), ok(succeeded)])
  const seen: string[] = []
  expect(await client.run(request, { onUpdate: ({ status }) => seen.push(status) })).toEqual(succeeded)
  expect(sent.map(({ method }) => method)).toEqual(["POST", "POST", "GET", "GET"])
  expect(sent[0]?.headers["idempotency-key"]).toBe(sent[1]?.headers["idempotency-key"])
  expect(seen).toEqual(["running", "running"])
})

test("attempts that are asked for are fetched", async () => {
  const { client, sent } = testClient([ok(succeeded), ok({ ...succeeded, attempts: [] })])
  expect(await client.run(request, { expand: ["attempts"] })).toHaveProperty("attempts", [])
  expect(sent[1]?.url).toContain("expand=attempts")
})

test("a large output is brought along", async () => {
  const { client } = testClient([ok({ ...succeeded, output: null, outputUrl: "/v1/jobs/job_1/output" }), ok({ text: "Long" })])
  expect(await client.run(request)).toHaveProperty("output", { text: "Long" })
})

test("a job without an output is an error that has the job", async () => {
  const { client } = testClient([ok(failed)])
  const error = await client.run(request).catch((reason: unknown) => reason)
  if (!JobFailedError.isInstance(error)) throw error
  expect(error.message).toBe("job_1 failed: context_length: Too long.")
  expect(error.job).toEqual(failed)
})

test("its time includes that of the submission", async () => {
  const { client, sent } = testClient([ok(running, 202), ok(running)])
  const error = await client.run(request, { timeoutMs: 1_200 }).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(WaitTimeoutError)
  expect(new URL(sent[0]?.url ?? "").searchParams.get("wait")).toBe("1.2")
})

test("aborting ends the waiting with the signal's reason", async () => {
  const { client } = testClient([ok(succeeded)])
  await expect(client.run(request, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough")
})
