import { expect, test } from "vitest"
import { always, catalogOf, createHarness } from "../testing/harness.ts"

const tiers = [
  { name: "primary", endpoints: ["a"] },
  { name: "fallback", endpoints: ["b"] },
  { name: "rules", rule: "keyword-sentiment" },
  { name: "cache" },
  { name: "static", output: { text: "Please try again later." } },
]

async function drilled(onlyTier: "primary" | "fallback" | "cache" | "static") {
  const plain = await createHarness({ script: always({ text: "ok" }) })
  const options = { ...plain.job.options, fallback: "none", cache: "refresh", onlyTier } as const
  return await createHarness({ script: always({ text: "ok" }), catalog: catalogOf({ route: { tiers } }), job: { options } })
}

test.each([
  ["primary", "a"],
  ["fallback", "b"],
] as const)("a drill of %s is answered by that tier although all others could", async (tier, endpoint) => {
  const { executeToEnd, provider } = await drilled(tier)
  expect(await executeToEnd()).toMatchObject({ status: "succeeded", result: { provenance: { served: { tier, endpoint } } } })
  expect(provider.calls.map((call) => call.endpoint.name)).toEqual([endpoint])
})

test("a drill of a tier without a provider calls none, and says why the answer is of it", async () => {
  const { executeToEnd, provider } = await drilled("static")
  expect(await executeToEnd()).toMatchObject({
    status: "succeeded",
    result: { provenance: { served: { tier: "static" }, quality: "minimal", degradedReason: "a drill of this tier" } },
  })
  expect(provider.calls).toHaveLength(0)
})

test("a tier that has no answer fails its drill and names itself", async () => {
  const { executeToEnd, provider } = await drilled("cache")
  expect(await executeToEnd()).toMatchObject({
    status: "failed",
    error: { type: "no_capable_endpoint", message: "The tier cache of route chat has no answer to this input." },
  })
  expect(provider.calls).toHaveLength(0)
})
