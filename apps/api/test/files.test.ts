import type { JobResult } from "@sluice/core"
import { sampleResult } from "@sluice/core/testing"
import { imageBlobId } from "@sluice/engine"
import { describe, expect, test } from "vitest"
import { succeed } from "./support/finish-job.ts"
import { type MemoryApi, startMemoryApi } from "./support/memory-api.ts"

const tenantId = "default"

async function succeeded(api: MemoryApi, resultOf: (id: string) => JobResult = () => sampleResult()): Promise<string> {
  const { json } = await api.submit({ route: "any", input: 1 })
  await succeed(api.jobs, { id: json.id, result: resultOf(json.id) })
  return json.id
}

const inBlob = (id: string): JobResult => ({
  ...sampleResult(),
  output: { at: "blob", blobId: `${id}-1`, bytes: 14, contentType: "application/json" },
})

describe("GET /v1/jobs/{id}/output", () => {
  test("gives a large output, to which the job leads", async () => {
    const api = await startMemoryApi()
    const id = await succeeded(api, inBlob)
    await api.blobs.put({ id: `${id}-1`, tenantId, contentType: "application/json", bytes: Buffer.from('{"large":true}') })
    const job = await api.call({ path: `/v1/jobs/${id}` })
    expect(job.json).toMatchObject({ output: null, outputUrl: `/v1/jobs/${id}/output` })
    const answer = await api.call({ path: job.json.outputUrl })
    expect(answer).toMatchObject({ status: 200, json: { large: true } })
    expect(answer.headers).toMatchObject({
      "content-type": "application/json",
      "content-disposition": `inline; filename="${id}-1"`,
      "content-security-policy": "sandbox; default-src 'none'",
      "x-content-type-options": "nosniff",
    })
  })

  test("gives a small output too", async () => {
    const api = await startMemoryApi()
    expect(await api.call({ path: `/v1/jobs/${await succeeded(api)}/output` })).toMatchObject({ status: 200, json: { text: "ok" } })
  })

  test("answers 304 without looking for the bytes, which never change", async () => {
    const api = await startMemoryApi()
    const id = await succeeded(api, inBlob)
    const answer = await api.call({ path: `/v1/jobs/${id}/output`, headers: { "if-none-match": `"${id}-1"` } })
    expect(answer).toMatchObject({ status: 304, text: "" })
  })

  test("finds nothing before the end, after the retention, and for others", async () => {
    const api = await startMemoryApi()
    const { json: queued } = await api.submit({ route: "any", input: 1 })
    const unfinished = await api.call({ path: `/v1/jobs/${queued.id}/output` })
    expect(unfinished).toMatchObject({ status: 404, json: { code: "not_found", detail: expect.stringContaining("queued") } })
    const id = await succeeded(api, inBlob)
    const removed = await api.call({ path: `/v1/jobs/${id}/output` })
    expect(removed).toMatchObject({ status: 404, json: { code: "not_found" } })
    expect(removed.headers.etag).toBeUndefined()
    expect((await api.call({ path: `/v1/jobs/${id}/output`, headers: { "x-sluice-tenant": "acme" } })).status).toBe(404)
  })
})

describe("GET /v1/jobs/{id}/images/{name}", () => {
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x00, 0xff])

  async function withImage(api: MemoryApi, contentType: string): Promise<string> {
    const id = await succeeded(api)
    await api.blobs.put({ id: imageBlobId({ id }, "1-token-1"), tenantId, contentType, bytes: png })
    return id
  }

  test("gives the bytes as they are", async () => {
    const api = await startMemoryApi()
    const id = await withImage(api, "image/png")
    const answer = await api.call({ path: `/v1/jobs/${id}/images/1-token-1` })
    expect(answer.status).toBe(200)
    expect(answer.bytes).toEqual(png)
    expect(answer.headers).toMatchObject({ "content-type": "image/png", "content-length": "6", etag: `"${id}-image-1-token-1"` })
    expect(answer.headers["content-disposition"]).toMatch(/^inline;/)
    expect((await api.call({ method: "HEAD", path: `/v1/jobs/${id}/images/1-token-1` })).headers["content-length"]).toBe("6")
  })

  test.each(["text/html", "image/svg+xml", "application/octet-stream"])("offers %s for download only", async (contentType) => {
    const api = await startMemoryApi()
    const id = await withImage(api, contentType)
    const { headers } = await api.call({ path: `/v1/jobs/${id}/images/1-token-1` })
    expect(headers["content-disposition"]).toMatch(/^attachment;/)
    expect(headers["content-security-policy"]).toContain("sandbox")
  })

  test.each(["0", "2", "01", "-1", "1.0", "99999", "x", "%2e%2e"])("has no image %s", async (n) => {
    const api = await startMemoryApi()
    const id = await withImage(api, "image/png")
    expect(await api.call({ path: `/v1/jobs/${id}/images/${n}` })).toMatchObject({ status: 404, json: { code: "not_found" } })
  })
})
