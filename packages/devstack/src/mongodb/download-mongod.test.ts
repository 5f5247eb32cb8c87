import { describe, expect, test } from "vitest"
import type { CommandResult, CommandRunner } from "../system/run-command.ts"
import { downloadMongod, downloadObstacle } from "./download-mongod.ts"

test("there is none when the host answers, whatever it says", async () => {
  expect(await downloadObstacle({ fetch: async () => new Response(null, { status: 403 }) })).toBeUndefined()
})

test("says why the host cannot be reached", async () => {
  const failing = () => Promise.reject(new TypeError("fetch failed", { cause: new Error("getaddrinfo ENOTFOUND fastdl.mongodb.org") }))
  expect(await downloadObstacle({ fetch: failing })).toContain("ENOTFOUND")
})

test("does not wait for a host that says nothing", async () => {
  const silent: typeof fetch = (_url, init) =>
    new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)))
  expect(await downloadObstacle({ fetch: silent, answerTimeoutMs: 50 })).toContain("does not answer within 0.05 s")
})

test("ends when the signal aborts", async () => {
  await expect(
    downloadObstacle({ fetch: () => Promise.reject(new Error("aborted")), signal: AbortSignal.abort(new Error("enough")) }),
  ).rejects.toThrow("enough")
})

describe("downloadMongod", () => {
  const ends =
    (result: Partial<CommandResult>): CommandRunner =>
    async () => ({ exitCode: 0, stdout: "", stderr: "", ...result })
  const options = { folder: "/programs", report: () => undefined }

  test("returns the path that the downloader ends with", async () => {
    const run = ends({ stdout: "Downloading MongoDB 8: 100 %\n\n/programs/mongod-x64-debian-8" })
    expect(await downloadMongod({ ...options, run })).toBe("/programs/mongod-x64-debian-8")
  })

  test("says why there is none", async () => {
    const stderr = "file:///x.js:1\nUnknownPlatformError: There is no mongod for this system\n    at x.js"
    await expect(downloadMongod({ ...options, run: ends({ exitCode: 1, stderr }) })).rejects.toThrow(
      "UnknownPlatformError: There is no mongod for this system",
    )
    await expect(downloadMongod({ ...options, run: ends({ exitCode: undefined }) })).rejects.toThrow("longer than five minutes")
  })
})
