import { describe, expect, test } from "vitest"
import { WaitTimeoutError } from "../errors/wait-timeout-error.ts"
import { ok, problem } from "../testing/fake-fetch.ts"
import { testClient } from "../testing/test-client.ts"

const running = { id: "job_1", status: "running", finishedAt: null }
const ended = { id: "job_1", status: "succeeded", finishedAt: "2026-11-21T12:00:01.000Z" }

describe("wait", () => {
  test("asks until the job has ended, and tells of each look before", async () => {
    const { client, sent } = testClient([ok(running), ok(running), ok(ended)])
    const seen: string[] = []
    const job = await client.jobs.wait("job_1", { expand: ["attempts"], onUpdate: ({ status }) => seen.push(status) })
    expect(job).toEqual(ended)
    expect(seen).toEqual(["running", "running"])
    expect(sent.map(({ url }) => url)).toEqual(Array(3).fill("http://api.test/base/v1/jobs/job_1?wait=20&expand=attempts"))
  })

  test("asks for nothing more than is wanted: an empty parameter is an error to the API", async () => {
    const { client, sent } = testClient([ok(ended)])
    await client.jobs.wait("job_1", { expand: [] })
    expect(sent[0]?.url).toBe("http://api.test/base/v1/jobs/job_1?wait=20")
  })

  test("does not hammer a server that answers at once", async () => {
    const { client, slept } = testClient([ok(running), ok(running), ok(ended)])
    await client.jobs.wait("job_1")
    expect(slept).toEqual([500, 500])
  })

  test("gives up when its time is over, with the job as it was last seen", async () => {
    const { client, sent } = testClient([ok(running)])
    const error = await client.jobs.wait("job_1", { timeoutMs: 1_200 }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(WaitTimeoutError)
    expect(error).toMatchObject({ job: running })
    expect(sent.map(({ url }) => new URL(url).searchParams.get("wait"))).toEqual(["1.2", "0.7", "0.2", null])
  })
})

describe("list", () => {
  test("goes through the pages, with the filters on each", async () => {
    const { client, sent } = testClient([ok({ data: [1, 2], nextCursor: "c1" }), ok({ data: [3], nextCursor: null })])
    const found: unknown[] = []
    const listing = client.jobs.list({ status: ["failed", "expired"], limit: 2, metadata: { orderId: "8 1" } })
    for await (const job of listing) found.push(job)
    expect(found).toEqual([1, 2, 3])
    const query = "status=failed%2Cexpired&limit=2&metadata.orderId=8+1"
    expect(sent.map(({ url }) => url.split("?")[1])).toEqual([query, `${query}&cursor=c1`])
  })

  test("fetches no page that nobody reads", async () => {
    const { client, sent } = testClient([ok({ data: [1, 2], nextCursor: "c1" })])
    for await (const _job of client.jobs.list()) break
    expect(sent.length).toBe(1)
    expect(await client.jobs.list({ cursor: "c9" }).page()).toEqual({ data: [1, 2], nextCursor: "c1" })
    expect(sent[1]?.url).toContain("cursor=c9")
  })

  test("survives a fault between two pages", async () => {
    const { client } = testClient([
      ok({ data: [1], nextCursor: "c1" }),
      problem(503, "storage_unavailable"),
      ok({ data: [2], nextCursor: null }),
    ])
    const found: unknown[] = []
    for await (const job of client.jobs.list()) found.push(job)
    expect(found).toEqual([1, 2])
  })
})

test("ids are encoded, so that none leads to another address", async () => {
  const { client, sent } = testClient([ok(running)])
  await client.jobs.cancel("../routes?x")
  expect(sent[0]).toMatchObject({ method: "POST", url: "http://api.test/base/v1/jobs/..%2Froutes%3Fx/cancel" })
})

test("a large output is fetched by itself", async () => {
  const { client, sent } = testClient([ok({ embeddings: [[1]], dimensions: 1 })])
  expect(await client.jobs.output("job_1")).toEqual({ embeddings: [[1]], dimensions: 1 })
  expect(sent[0]?.url).toBe("http://api.test/base/v1/jobs/job_1/output")
})

test("a deletion has no body to read", async () => {
  const { client, sent } = testClient([() => new Response(null, { status: 204 })])
  expect(await client.jobs.delete("job_1")).toBeUndefined()
  expect(sent[0]).toMatchObject({ method: "DELETE", url: "http://api.test/base/v1/jobs/job_1" })
})
