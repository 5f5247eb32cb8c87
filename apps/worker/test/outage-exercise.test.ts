import type { JobResource } from "@sluice/core"
import { expect, test } from "vitest"
import { startInstallation } from "./support/installation.ts"
import { startProvider } from "./support/simulated-provider.ts"

const quickRetries = { overloaded: { delayMs: 50, maxDelayMs: 200 } }
const apology = { text: "The assistant is unavailable, please try again later." }
const neutral = { text: "neutral" }

/** A route whose every tier can be seen at work, and one without rules. */
async function startExercise() {
  const [primary, fallback] = await Promise.all([startProvider(), startProvider()])
  const providers = [
    { name: "primary", endpoints: ["eu"] },
    { name: "fallback", endpoints: ["us"] },
  ]
  const kept = [{ name: "cache" }, { name: "static", output: apology, tasks: { sentiment: neutral } }]
  const common = { degradeAfterMs: 300, retry: quickRetries, cache: { similar: { threshold: 0.5 } } }
  const installation = await startInstallation({
    endpoints: { eu: { ...primary.endpoint, region: "eu" }, us: { ...fallback.endpoint, region: "us", model: "gpt-4o-nano" } },
    routes: {
      assistant: { ...common, tiers: [...providers, { name: "rules", rule: "extractive-summary" }, ...kept] },
      questions: { ...common, tiers: [...providers, ...kept] },
    },
  })
  const ask = (route: string, content: string, options: object) =>
    installation.submit({ route, input: { messages: [{ role: "user", content }] }, options })
  const answer = async (...request: Parameters<typeof ask>) => await installation.ended(await ask(...request))
  const outage = (mode: object | null) => Promise.all([primary, fallback].map(({ control }) => control({ outage: mode })))
  return { ...installation, ask, answer, outage, primary, fallback }
}

const text = `The river rose above its banks on Monday and the water reached the old town. People of the old town carried sand
to the banks of the river all day. In the evening the water of the river fell again and the old town was safe.`
const any = { fallback: "any" }

function served({ status, provenance }: JobResource) {
  return { status, tier: provenance?.served.tier, quality: provenance?.quality, degraded: provenance?.degraded }
}

test("through an outage of every provider each job is served as its caller allows, and says how", { timeout: 120_000 }, async () => {
  const { ask, answer, ended, job, outage, primary, fallback } = await startExercise()
  const opening = "When is the office in the harbour street of Kiel open on Mondays?"

  const before = await answer("questions", opening, {})
  expect(served(before)).toEqual({ status: "succeeded", tier: "primary", quality: "full", degraded: false })

  await primary.control({ outage: { mode: "unavailable", durationMs: null } })
  const reduced = await answer("assistant", "Which day is it?", {})
  expect(served(reduced)).toEqual({ status: "succeeded", tier: "fallback", quality: "reduced", degraded: true })
  expect(reduced.provenance).toMatchObject({
    requested: { tier: "primary", model: "gpt-4o-mini" },
    served: { endpoint: "us", region: "us" },
    degradedReason: expect.stringContaining("eu breaker_open"),
  })

  await outage({ mode: "unavailable", durationMs: null })
  const patient = await ask("questions", "Who can wait?", { fallback: "none" })

  const generic = await answer("assistant", text, any)
  expect(served(generic)).toEqual({ status: "succeeded", tier: "rules", quality: "generic", degraded: true })
  expect(generic).toMatchObject({
    output: { text: expect.stringContaining("river") },
    provenance: { cache: null, served: { endpoint: null, model: null }, degradedReason: expect.stringContaining("breaker_open") },
    usage: null,
  })

  const same = await answer("questions", opening, any)
  expect(served(same)).toEqual({ status: "succeeded", tier: "cache", quality: "stale", degraded: true })
  expect(same.output).toEqual(before.output)
  expect(same.provenance).toMatchObject({
    served: { endpoint: "eu", region: "eu" },
    cache: { kind: "exact", similarity: 1 },
    degradedReason: expect.stringContaining("breaker_open"),
  })
  expect(same.provenance?.cache?.ageMs).toBeGreaterThan(0)

  const similar = await answer("questions", "When is the office in the harbour street of Kiel open on Tuesdays?", any)
  expect(served(similar)).toEqual({ status: "succeeded", tier: "cache", quality: "stale", degraded: true })
  expect(similar.output).toEqual(before.output)
  expect(similar.provenance?.cache).toMatchObject({ kind: "semantic" })
  expect(similar.provenance?.cache?.similarity).toBeGreaterThanOrEqual(0.5)
  expect(similar.provenance?.cache?.similarity).toBeLessThan(1)
  expect(similar.provenance?.cache?.ageMs).toBeGreaterThanOrEqual(same.provenance?.cache?.ageMs ?? Number.NaN)

  const untold = await answer("questions", "xyz", any)
  const ofTask = await answer("questions", "xyz", { ...any, task: "sentiment" })
  for (const minimal of [untold, ofTask]) {
    expect(served(minimal)).toEqual({ status: "succeeded", tier: "static", quality: "minimal", degraded: true })
    expect(minimal.provenance).toMatchObject({ cache: null, degradedReason: expect.stringContaining("breaker_open") })
  }
  expect([untold.output, ofTask.output]).toMatchObject([apology, neutral])

  const calls = fallback.simulator.counters()
  await expect.poll(() => job(patient)).toMatchObject({ status: "queued", provenance: null, waiting: { endpoint: "eu" } })
  await outage(null)
  const late = await ended(patient)
  expect(served(late)).toEqual({ status: "succeeded", tier: "primary", quality: "full", degraded: false })
  expect(late.provenance).toMatchObject({ served: { endpoint: "eu" }, degradedReason: null, cache: null })
  expect(fallback.simulator.counters()).toEqual(calls)
})
