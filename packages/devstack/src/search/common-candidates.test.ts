import { describe, expect, test } from "vitest"
import { namedCandidate, runningCandidate } from "./common-candidates.ts"
import { processCandidate } from "./process-candidate.ts"

const process_ = { url: "redis://127.0.0.1:7", pid: 7, isShared: true, stop: () => Promise.resolve(), crash: () => Promise.resolve() }

describe("a server named by the environment", () => {
  test("is used as it is, and not shown with its password", async () => {
    const url = "redis://user:secret@db.example:6379"
    const found = await namedCandidate("REDIS_URL", url, async () => undefined).open()
    expect(found).toMatchObject({ service: { url }, description: "using REDIS_URL, redis://***@db.example:6379" })
  })

  test("ends the search when it does not answer", async () => {
    const opening = namedCandidate("REDIS_URL", "redis://user:secret@db.example", async () => "connect ECONNREFUSED").open()
    await expect(opening).rejects.toThrow(
      /^REDIS_URL is set to redis:\/\/\*\*\*@db\.example, but that does not answer: connect ECONNREFUSED\./,
    )
  })

  test.each([undefined, ""])("is no candidate when it is %j", async (url) => {
    expect(await namedCandidate("REDIS_URL", url, async () => undefined).open()).toEqual({ unavailable: "not set" })
  })
})

describe("a server that runs already", () => {
  test("is joined, saying who keeps it up", async () => {
    expect(await runningCandidate(async () => process_).open()).toMatchObject({
      service: process_,
      description: expect.stringContaining("stays up while another command uses it"),
    })
    expect(await runningCandidate(async () => ({ ...process_, isShared: false })).open()).toMatchObject({
      description: expect.stringContaining("stops with this command"),
    })
  })

  test("is no candidate when there is none", async () => {
    expect(await runningCandidate(async () => undefined).open()).toEqual({ unavailable: "no" })
  })
})

describe("a server to be started", () => {
  const common = { name: "path", description: "redis-server of the PATH", start: async () => process_ }

  test("is started when nothing is in the way", async () => {
    expect(await processCandidate({ ...common, obstacle: async () => undefined }).open()).toEqual({
      service: process_,
      description: `redis-server of the PATH, ${process_.url}`,
    })
    expect(await processCandidate({ ...common, obstacle: async () => "there is none" }).open()).toEqual({ unavailable: "there is none" })
  })

  test("that does not come up is a reason to go on; an abort is not", async () => {
    const start = () => Promise.reject(new Error("no disk"))
    expect(await processCandidate({ ...common, obstacle: async () => undefined, start }).open()).toEqual({ unavailable: "no disk" })
    const signal = AbortSignal.abort(new Error("enough"))
    await expect(processCandidate({ ...common, obstacle: async () => undefined, start, signal }).open()).rejects.toThrow("enough")
  })
})
