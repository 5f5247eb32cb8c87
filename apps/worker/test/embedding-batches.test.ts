import { expect, test } from "vitest"
import { startInstallation } from "./support/installation.ts"
import { startProvider } from "./support/simulated-provider.ts"

const dimensions = 8
const jobs = 60

test("embedding jobs that wait together share calls, and each gets what it would have got alone", { timeout: 120_000 }, async () => {
  const { simulator, endpoint } = await startProvider({
    latency: { baseMs: 100 },
    answers: { embeddingDimensions: dimensions },
    contentFilterWords: ["forbidden"],
  })
  const price = { inputPerMillionUsd: 1_000 }
  const tiers = [{ name: "primary", endpoints: ["e"] }]
  const { submit, ended, attempts } = await startInstallation({
    endpoints: { e: { ...endpoint, model: "text-embedding-3-small", price, limits: { requestsPerMinute: 1_200 } } },
    routes: { together: { kind: "embedding", tiers }, alone: { kind: "embedding", tiers, batching: "off" } },
  })
  const embedAll = async (route: string, texts: readonly string[]) => {
    // However long it takes to submit them all, they are due at the same time.
    const options = { runAt: new Date(Date.now() + 4_000).toISOString() }
    const ids = await Promise.all(texts.map((text) => submit({ route, input: { texts: [text] }, options })))
    return await Promise.all(ids.map(ended))
  }
  const texts = Array.from({ length: jobs }, (_, index) => (index === 7 ? "forbidden text" : `text number ${index}`))

  const together = await embedAll("together", texts)
  const calls = simulator.requests().filter(({ path }) => path.endsWith("/embeddings"))
  const alone = await embedAll("alone", texts)

  expect(together.map(({ status }) => status)).toEqual(texts.map((_text, index) => (index === 7 ? "failed" : "succeeded")))
  expect(together.map(({ output }) => output)).toEqual(alone.map(({ output }) => output))
  expect(together[7]?.error).toMatchObject({ type: "content_filter", endpoint: "e" })
  expect(calls.length).toBeLessThan(jobs / 2)

  const tokens = (list: readonly { readonly usage: { readonly inputTokens: number } | null }[]) =>
    list.reduce((sum, { usage }) => sum + (usage?.inputTokens ?? 0), 0)
  const answered = calls.filter(({ status }) => status === 200)
  expect(tokens(together)).toBe(answered.reduce((sum, { promptTokens }) => sum + promptTokens, 0))
  expect(together.reduce((sum, { cost }) => sum + (cost?.usd ?? 0), 0)).toBeCloseTo(tokens(together) / 1_000, 9)

  const ledger = (await Promise.all(together.map(({ id }) => attempts(id)))).flat()
  const shared = Map.groupBy(ledger, ({ batchCallId }) => batchCallId)
  expect(Math.max(...Array.from(shared, ([id, members]) => (id === null ? 0 : members.length)))).toBeGreaterThan(1)
  expect(await attempts(alone[0]?.id ?? "")).toMatchObject([{ batchCallId: null }])
})
