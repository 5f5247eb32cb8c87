import { configuration, type Endpoint } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { createDeadLettersHarness } from "../testing/dead-letters-harness.ts"

const parsed = configuration.parse({
  endpoints: Object.fromEntries(
    ["a", "b", "c"].map((name) => [name, { provider: "openai", baseUrl: "http://127.0.0.1:1/v1", model: "m" }]),
  ),
  routes: {
    chat: {
      tiers: [
        { name: "primary", endpoints: ["a"] },
        { name: "fallback", endpoints: ["b"] },
      ],
    },
    talk: { tiers: [{ name: "primary", endpoints: ["c"] }] },
    embed: { kind: "embedding", tiers: [{ name: "primary", endpoints: ["a"] }] },
  },
})
const catalog = { ...parsed, version: 1, endpoints: new Map<string, Endpoint>() }

describe("making a replay", () => {
  test("counts what is open and matches, for its tenant alone", async () => {
    const harness = createDeadLettersHarness()
    await harness.dead({ tenantId: "acme" })
    await harness.dead({ tenantId: "acme" }, { type: "overloaded" })
    await harness.dead()
    const matched = async (filter: object) => {
      const outcome = await harness.replay({ filter }, "acme")
      return outcome.kind === "created" ? outcome.replay.matched : null
    }
    expect(await matched({ state: "open" })).toBe(2)
    expect(await matched({ errorType: "overloaded" })).toBe(1)
  })

  test("a dry run counts, and leaves nothing behind", async () => {
    const harness = createDeadLettersHarness()
    await harness.dead()
    expect(await harness.replay({ filter: { state: "open" }, dryRun: true })).toMatchObject({ kind: "dry_run", replay: { matched: 1 } })
    expect(await harness.replays.list({ tenantId: "default", before: null, limit: 10 })).toEqual([])
  })

  test("one that matches nothing is complete at once, and says what to do", async () => {
    const harness = createDeadLettersHarness()
    const outcome = await harness.replay({ filter: { route: "nowhere" } })
    expect(outcome).toMatchObject({ kind: "created", replay: { status: "completed", matched: 0, finishedAt: harness.clock() } })
    expect(outcome.kind === "created" && outcome.replay.hint).toMatch(/No open dead letter matches.*summary/)
    expect(await harness.replays.findActive({ limit: 10 })).toEqual([])
  })

  test("says of ids how many it cannot replay", async () => {
    const harness = createDeadLettersHarness()
    const job = await harness.dead()
    const ids = [job.id.replace("job_", "dl_"), "dl_unknown"]
    const outcome = await harness.replay({ ids })
    expect(outcome).toMatchObject({ kind: "created", replay: { matched: 1, hint: expect.stringMatching(/^1 of the 2 ids name no open/) } })
  })

  test.each([
    ["a route that does not exist", { route: "nope" }, ["overrides", "route"], /There is no route "nope". There are chat, talk, embed/],
    ["a route of another kind", { route: "embed" }, ["overrides", "route"], /takes jobs of kind embedding, but .* 1 of kind chat/],
    ["an endpoint of another route", { endpoint: "c" }, ["overrides", "endpoint"], /Route "chat" has no endpoint "c". It has a, b/],
    ["an endpoint that the other route lacks", { route: "talk", endpoint: "a" }, ["overrides", "endpoint"], /Route "talk" has no/],
  ])("refuses %s", async (_what, overrides, path, message) => {
    const harness = createDeadLettersHarness({ catalog })
    await harness.dead()
    const outcome = await harness.replay({ filter: { state: "open" }, overrides })
    expect(outcome).toMatchObject({ kind: "invalid", faults: [{ path, message: expect.stringMatching(message) }] })
  })

  test.each([{ endpoint: "b" }, { route: "talk", endpoint: "c" }, { route: "talk" }])("accepts %j", async (overrides) => {
    const harness = createDeadLettersHarness({ catalog })
    await harness.dead()
    expect(await harness.replay({ filter: { state: "open" }, overrides })).toMatchObject({ kind: "created", replay: { overrides } })
  })
})
