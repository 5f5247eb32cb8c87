import type { JobEvent } from "@sluice/core"
import { expect, test } from "vitest"
import { startInstallation } from "./support/installation.ts"
import { startProvider } from "./support/simulated-provider.ts"

const text = "The river rises. ".repeat(20)
const chat = { route: "chat", input: { messages: [{ role: "user", content: "What does it do?" }] } }

test("text goes from the provider through the worker and the API in pieces, long before the job ends; a call that breaks begins anew", async () => {
  const answers = { text, chunkCharacters: 17 }
  const { endpoint, control } = await startProvider({ profile: "healthy", answers, latency: { chunkMs: 100 } })
  const installation = await startInstallation({
    endpoints: { sim: endpoint },
    routes: { chat: { tiers: [{ name: "primary", endpoints: ["sim"] }] } },
  })
  await control({ script: [{ outcome: "error_in_ok" }] })
  const seen: { event: JobEvent; at: number }[] = []
  let assembled = ""
  for await (const read of installation.events(await installation.submit(chat))) {
    seen.push(read)
    if (read.event.type === "output.reset") assembled = ""
    if (read.event.type === "output.delta") assembled += read.event.text
  }
  expect(assembled).toBe(text)
  const end = seen.at(-1)
  expect(end?.event).toMatchObject({ type: "job.succeeded", job: { output: { text } } })
  const pieces = seen.filter(({ event }) => event.type === "output.delta" && event.attempt === 2)
  // Twenty pieces of a tenth of a second each: however slow this machine is, they cannot all come at the end.
  expect(pieces.length).toBeGreaterThan(5)
  expect((end?.at ?? 0) - (pieces[0]?.at ?? 0)).toBeGreaterThan(1_000)
  expect(seen.filter(({ event }) => event.type === "output.reset")).toHaveLength(1)
  expect(seen.flatMap(({ event }) => (event.type === "attempt.ended" ? [event.attempt.errorType] : []))).toEqual([
    "provider_internal",
    null,
  ])
})

test("a cancellation ends the stream, and the call, at once", async () => {
  const { endpoint } = await startProvider({
    profile: "healthy",
    answers: { text, chunkCharacters: 1 },
    latency: { chunkMs: 200 },
  })
  const installation = await startInstallation({
    endpoints: { sim: endpoint },
    routes: { chat: { tiers: [{ name: "primary", endpoints: ["sim"] }] } },
  })
  const id = await installation.submit(chat)
  const types: string[] = []
  for await (const { event } of installation.events(id)) {
    if (event.type === "output.delta" && !types.includes("output.delta")) await installation.post(`/v1/jobs/${id}/cancel`, undefined)
    types.push(event.type)
  }
  expect(types.at(-1)).toBe("job.cancelled")
})
