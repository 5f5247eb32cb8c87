import { deadLetterSummary, replayResource } from "@sluice/core"
import { expect, test } from "vitest"
import { startInstallation } from "./support/installation.ts"
import { startProvider } from "./support/simulated-provider.ts"

test("jobs that failed are counted by cause, replayed over another endpoint, and nothing is open any more", async () => {
  const [small, large] = await Promise.all([startProvider(), startProvider()])
  const { submit, ended, get, post } = await startInstallation({
    endpoints: { eu: small.endpoint, us: large.endpoint },
    routes: {
      chat: {
        tiers: [
          { name: "primary", endpoints: ["eu"] },
          { name: "fallback", endpoints: ["us"] },
        ],
      },
    },
  })
  await small.control({ contextTokens: 1 })
  const work = { route: "chat", input: { messages: [{ role: "user", content: "Say ok" }] }, options: { fallback: "none" } }
  const ids = await Promise.all(Array.from({ length: 20 }, () => submit(work)))
  const failed = await Promise.all(ids.map(ended))
  expect(failed.every(({ status, error }) => status === "failed" && error?.type === "context_length")).toBe(true)

  const summary = async () => deadLetterSummary.parse(await get("/v1/dead-letters/summary?by=errorType"))
  expect(await summary()).toMatchObject({ total: 20, data: [{ key: "context_length", count: 20 }] })
  const body = { filter: { endpoint: "eu" }, perSecond: 100, overrides: { endpoint: "us" } }
  expect(replayResource.parse(await post("/v1/dead-letters/replay", { ...body, dryRun: true }))).toMatchObject({ matched: 20 })
  const { id } = replayResource.parse(await post("/v1/dead-letters/replay", body))
  const replay = async () => replayResource.parse(await get(`/v1/replays/${id}`))
  await expect.poll(async () => (await replay()).status, { timeout: 20_000, interval: 200 }).toBe("completed")
  expect(await replay()).toMatchObject({ matched: 20, requeued: 20, succeeded: 20, failed: 0, skipped: 0 })
  const served = await Promise.all(ids.map(ended))
  expect(served.every((job) => job.status === "succeeded" && job.run === 2 && job.provenance?.served.endpoint === "us")).toBe(true)
  expect(await summary()).toMatchObject({ total: 0, data: [] })
})
