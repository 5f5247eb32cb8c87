import { describe, expect, test } from "vitest"
import { always, catalogOf, createHarness } from "../testing/harness.ts"

const tiers = [
  { name: "primary", endpoints: ["a", "b"] },
  { name: "fallback", endpoints: ["c"] },
  { name: "static", output: { text: "Sorry" } },
]
const catalog = catalogOf({ endpoints: { a: {}, b: {}, c: {} }, route: { tiers } })

async function executed(endpoint: string, script: Parameters<typeof always>[0]) {
  const { job } = await createHarness({ script: always("hang") })
  const options = { ...job.options, fallback: "any" as const, onlyEndpoint: endpoint }
  const harness = await createHarness({ script: always(script), catalog, job: { options } })
  const ended = await harness.executeToEnd()
  return { ended, called: new Set(harness.provider.calls.map((call) => call.endpoint.name)) }
}

describe("a job for which a replay chose an endpoint", () => {
  test.each(["b", "c"])("is served by %s, of whatever tier", async (endpoint) => {
    const { ended, called } = await executed(endpoint, { text: "hi" })
    expect(called).toEqual(new Set([endpoint]))
    expect(ended).toMatchObject({ status: "succeeded", result: { provenance: { served: { endpoint } } } })
  })

  test("turns to no other endpoint and no canned text when that one fails", async () => {
    const { ended, called } = await executed("a", { error: "overloaded" })
    expect(called).toEqual(new Set(["a"]))
    expect(ended).toMatchObject({ status: "failed", error: { type: "overloaded", endpoint: "a" } })
  })

  test("fails for want of it when the route has it no more", async () => {
    const { ended, called } = await executed("gone", { text: "hi" })
    expect(called).toEqual(new Set())
    expect(ended).toMatchObject({ status: "failed", error: { type: "no_capable_endpoint" } })
  })
})
