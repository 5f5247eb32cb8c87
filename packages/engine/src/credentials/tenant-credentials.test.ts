import type { AdmitOutcome, Job, ProviderCall, ProviderErrorType, QueuedJob, Work } from "@sluice/core"
import { createMemoryProviderCredentialStore, sampleJob } from "@sluice/core/testing"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { embeddingProvider, textsOf } from "../testing/embedding-provider.ts"
import { always, catalogOf, createHarness, type HarnessOptions } from "../testing/harness.ts"
import { openAdmission } from "../testing/open-admission.ts"
import type { Scripted } from "../testing/scripted-provider.ts"
import { createTenantKeys } from "./tenant-keys.ts"

const at = new Date("2026-01-01T00:00:00.000Z")
const later = (ms: number) => new Date(at.getTime() + ms)

async function storeWith(keys: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const store = createMemoryProviderCredentialStore()
  for (const [tenantId, named] of Object.entries(keys)) {
    for (const [name, secret] of Object.entries(named))
      await store.put({ tenantId, name, secret, hint: "", revision: `${tenantId}-${name}`, at })
  }
  return store
}

async function setUp(
  keys: Readonly<Record<string, Readonly<Record<string, string>>>>,
  { endpoints = { a: { credential: "tenant" } }, ...options }: HarnessOptions & { endpoints?: Record<string, object>; route?: object } = {},
) {
  const store = await storeWith(keys)
  const { route } = options
  let clock = () => at
  const tenantKeys = createTenantKeys({ store, clock: () => clock() })
  const harness = await createHarness({
    script: always({ text: "hi" }),
    catalog: catalogOf({ endpoints, ...(route && { route }) }),
    resolveCredential: (reference) => Promise.resolve(`platform ${reference}`),
    job: { tenantId: "acme" },
    ...options,
    tenantKeys,
  })
  clock = harness.clock
  const run = (tenantId: string, overrides: Partial<QueuedJob> = {}) => harness.executeAnother({ tenantId, ...overrides })
  const keysSent = () => harness.provider.calls.map(({ apiKey }) => apiKey)
  return { ...harness, keys: store, run, keysSent }
}

describe("a tenant's own key", () => {
  test("is sent for its jobs, and each attempt says so", async () => {
    const { run, keysSent } = await setUp({ acme: { a: "sk-acme" }, rival: { a: "sk-rival" } })
    expect(await run("acme")).toMatchObject({ status: "succeeded", attempts: [{ credential: "tenant" }] })
    await run("rival")
    expect(keysSent()).toEqual(["sk-acme", "sk-rival"])
  })

  test("for the endpoint goes before one for its provider", async () => {
    const endpoints = { a: { credential: "tenant" }, b: { credential: "tenant" } }
    const script = (call: ProviderCall): Scripted => (call.endpoint.name === "a" ? { error: "overloaded" } : { text: "hi" })
    const { run, keysSent } = await setUp({ acme: { a: "sk-of-a", openai: "sk-of-all" } }, { endpoints, script })
    await run("acme")
    expect(keysSent()).toEqual(["sk-of-a", "sk-of-all"])
  })

  test("is never looked for, nor sent, where the endpoint takes the platform's", async () => {
    const { run, keysSent } = await setUp({ acme: { a: "sk-acme" } }, { endpoints: { a: { apiKey: "env:KEY" } } })
    const job = await run("acme")
    expect(keysSent()).toEqual(["platform env:KEY"])
    expect(job?.attempts[0]).not.toHaveProperty("credential")
  })

  test("goes before the platform's where both may serve; who has none gets the platform's", async () => {
    const endpoints = { a: { credential: "tenant-then-platform", apiKey: "env:KEY" } }
    const { run, keysSent } = await setUp({ acme: { a: "sk-acme" } }, { endpoints })
    await run("acme")
    await run("rival")
    expect(keysSent()).toEqual(["sk-acme", "platform env:KEY"])
  })

  test("that was stored, replaced or removed is noticed within seconds", async () => {
    const { run, keys, keysSent, advanceTo } = await setUp({ acme: { a: "sk-one" } })
    await run("acme")
    await keys.put({ tenantId: "acme", name: "a", secret: "sk-two", hint: "", revision: "2", at })
    advanceTo(later(3_000))
    await run("acme")
    expect(keysSent()).toEqual(["sk-one", "sk-two"])
    await keys.remove({ tenantId: "acme", name: "a" })
    advanceTo(later(6_000))
    expect(await run("acme")).toMatchObject({ status: "queued", waiting: { reason: "credential" } })
    expect(keysSent()).toHaveLength(2)
  })

  test("leaves a mark of its last use", async () => {
    const { run, keys } = await setUp({ acme: { a: "sk-acme" } })
    await run("acme")
    expect(await keys.list({ tenantId: "acme" })).toMatchObject([{ lastUsedAt: at }])
  })
})

describe("a job whose tenant has no key", () => {
  test("waits, and says what to do; it goes on once there is one", async () => {
    const { executeOnce, executeToEnd, found, keys, keysSent } = await setUp({})
    expect(await executeOnce()).toEqual({ kind: "again", at: later(5_000) })
    expect(await found()).toMatchObject({
      status: "queued",
      attemptCount: 0,
      waiting: { reason: "credential", endpoint: "a", since: at, hint: expect.stringMatching(/PUT \/v1\/provider-credentials\/a/) },
    })
    await keys.put({ tenantId: "acme", name: "openai", secret: "sk-late", hint: "", revision: "1", at })
    expect(await executeToEnd()).toMatchObject({ status: "succeeded" })
    expect(keysSent()).toEqual(["sk-late"])
  })

  test("looks again less and less often, and expires at its deadline", async () => {
    const { executeToEnd, job } = await setUp({})
    const ended = await executeToEnd(2_000)
    expect(ended).toMatchObject({ status: "expired", finishedAt: job.deadline, error: { endpoint: "a" } })
    expect(ended.status === "expired" && ended.error.message).toContain("credential")
  })

  test("is served by whoever needs none: another endpoint, or a later tier, at once", async () => {
    const two = await setUp({}, { endpoints: { a: { credential: "tenant" }, b: { apiKey: "env:B" } } })
    expect(await two.run("acme")).toMatchObject({ status: "succeeded", attempts: [{ endpoint: "b" }] })
    const tiers = [
      { name: "primary", endpoints: ["a"] },
      { name: "fallback", endpoints: ["b"] },
    ]
    const later = await setUp({}, { endpoints: { a: { credential: "tenant" }, b: {} }, route: { tiers } })
    expect(await later.run("acme")).toMatchObject({
      status: "succeeded",
      result: { provenance: { degradedReason: "a: the tenant has no key of its own" } },
    })
  })

  test("does not stop the fetching of the route for others", async () => {
    const blocked: object[] = []
    const observer = { routeBlocked: (event: object) => void blocked.push(event) }
    await (await setUp({}, { observer })).executeOnce()
    const refused: AdmitOutcome = { kind: "refused", reason: "credential", endpoint: "a@acme", retryInMs: 9_000, unavailableSinceMs: 0 }
    const mine = await setUp({ acme: { a: "sk" } }, { observer, admission: openAdmission({ answer: () => refused }) })
    await mine.executeOnce()
    expect(blocked).toEqual([])
    expect(await mine.found()).toMatchObject({ waiting: { endpoint: "a", hint: expect.stringMatching(/rejects the tenant's own key/) } })
  })
})

describe("admission", () => {
  test("keeps breaker, calls, limits and credential of each tenant's key apart", async () => {
    const admission = openAdmission()
    const endpoints = { a: { credential: "tenant-then-platform", apiKey: "env:K", limitGroup: "shared" } }
    const { run, keys, advanceTo } = await setUp({ acme: { a: "sk-1" }, rival: { a: "sk-2" } }, { endpoints, admission })
    for (const tenantId of ["acme", "rival", "nobody"]) await run(tenantId)
    await keys.put({ tenantId: "acme", name: "a", secret: "sk-3", hint: "", revision: "r3", at })
    advanceTo(later(3_000))
    await run("acme")
    const asked = admission.admitted.map((request) => request.endpoints[0])
    expect(asked.map((endpoint) => endpoint?.name)).toEqual(["a@acme", "a@rival", "a", "a@acme"])
    expect(asked.map((endpoint) => endpoint?.limitGroup)).toEqual(["shared@acme", "shared@rival", "shared", "shared@acme"])
    // A key that replaces another is not disabled because that one was.
    expect(new Set(asked.map((endpoint) => endpoint?.credential)).size).toBe(4)
    expect(JSON.stringify(admission.admitted)).not.toContain("sk-")
    for (const { endpoint, pool } of admission.settled) expect(pool).toEqual([endpoint.name])
  })

  test("prefers the same endpoint for a conversation, under its own name", async () => {
    const admission = openAdmission()
    const endpoints = { a: { credential: "tenant" }, b: { credential: "tenant" } }
    const { run } = await setUp({ acme: { openai: "sk" } }, { endpoints, admission })
    await run("acme", { options: { ...sampleJob().options, affinityKey: "conversation" } })
    expect(admission.admitted[0]?.affinity).toMatch(/^[ab]@acme$/)
  })
})

describe("a secret that was replaced at its source", () => {
  const script = (call: ProviderCall): Scripted => (call.apiKey === "new" ? { text: "hi" } : { error: "provider_auth" })

  test("is used at once after the old one was rejected, and nothing is disabled", async () => {
    const admission = openAdmission()
    const asked: unknown[] = []
    const harness = await createHarness({
      script,
      admission,
      catalog: catalogOf({ endpoints: { a: { apiKey: "env:K" } } }),
      resolveCredential: async (_reference, options) => {
        asked.push(options)
        return options?.rejected === "old" ? "new" : "old"
      },
    })
    expect(await harness.executeToEnd(1)).toMatchObject({ status: "succeeded", attemptCount: 1 })
    expect(asked).toEqual([{}, { rejected: "old" }])
    expect(admission.settled).toMatchObject([{ disable: null, outcome: "success" }])
  })

  test("one that is still the same is not sent twice, and is disabled", async () => {
    const admission = openAdmission()
    const { executeOnce, provider } = await createHarness({
      script,
      admission,
      catalog: catalogOf({ endpoints: { a: { apiKey: "env:K" } } }),
    })
    await executeOnce()
    expect(provider.calls).toHaveLength(1)
    expect(admission.settled).toMatchObject([{ disable: "credential" }])
  })
})

type Step =
  | { readonly do: "job"; readonly tenant: string; readonly text: string; readonly affinity: boolean }
  | { readonly do: "key"; readonly tenant: string; readonly name: string }
  | { readonly do: "remove"; readonly tenant: string; readonly name: string }
  | { readonly do: "wait" }

const tenant = fc.constantFrom("acme", "rival", "third")
const keyName = fc.constantFrom("a", "b", "openai")
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("job" as const), tenant, text: fc.constantFrom("x", "y"), affinity: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("key" as const), tenant, name: keyName }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove" as const), tenant, name: keyName }) },
  { weight: 1, arbitrary: fc.constant({ do: "wait" as const }) },
)
const mode = fc.constantFrom("tenant" as const, "tenant-then-platform" as const, "platform" as const)
const failing = fc.array(fc.constantFrom(null, null, "provider_auth" as const, "provider_quota" as const, "overloaded" as const), {
  maxLength: 6,
})

const embeddingOf = (text: string): Work => ({ kind: "embedding", input: { texts: [text] } })
const chatOf = (text: string): Work => ({ kind: "chat", input: { messages: [{ role: "user", content: text }] } })

interface Scenario {
  readonly steps: readonly Step[]
  readonly a: "tenant" | "tenant-then-platform" | "platform"
  readonly b: Scenario["a"]
  readonly failures: readonly (ProviderErrorType | null)[]
  readonly embeds: boolean
}

const scenario: fc.Arbitrary<Scenario> = fc.record({
  steps: fc.array(step, { minLength: 5, maxLength: 40 }),
  a: mode,
  b: mode,
  failures: failing,
  embeds: fc.boolean(),
})

function setUpScenario({ a, b, failures, embeds }: Scenario) {
  const endpointOf = (credential: Scenario["a"]) => ({ credential, ...(credential !== "tenant" && { apiKey: "env:K" }) })
  return setUp(
    {},
    {
      endpoints: { a: endpointOf(a), b: endpointOf(b) },
      route: { kind: embeds ? "embedding" : "chat", cache: { exact: { ttlMs: 60_000 } } },
      batchTiming: { lingerMs: 0, maxWaitMs: 0 },
      script: (_call, index) => (failures[index] ? { error: failures[index] } : { text: "hi" }),
      ...(embeds && { provider: embeddingProvider({ failure: (_call, index) => failures[index] ?? null }) }),
    },
  )
}

/** Plays the steps; jobs run at the same time until the next wait. */
async function play({ steps, embeds }: Scenario, { run, keys, clock, advanceTo }: Awaited<ReturnType<typeof setUp>>): Promise<void> {
  const under: Promise<Job | null>[] = []
  const submit = ({ tenant: tenantId, text, affinity }: Extract<Step, { do: "job" }>) => {
    const work = (embeds ? embeddingOf : chatOf)(`${tenantId} ${text}`)
    under.push(run(tenantId, { work, options: { ...sampleJob().options, affinityKey: affinity ? "same" : null } }))
  }
  for (const [index, each] of steps.entries()) {
    if (each.do === "job") submit(each)
    else if (each.do === "remove") await keys.remove({ tenantId: each.tenant, name: each.name })
    else if (each.do === "key") {
      const { tenant: tenantId, name } = each
      await keys.put({ tenantId, name, secret: `sk-${tenantId}-${index}`, hint: "", revision: String(index), at })
    } else {
      await Promise.all(under.splice(0))
      advanceTo(new Date(clock().getTime() + 5_000))
    }
  }
  await Promise.all(under)
}

/** Whose key a call sent, as the words in it say whose it is. */
function judge(call: ProviderCall): void {
  const texts = call.work.kind === "embedding" ? textsOf(call) : [JSON.stringify(call.work.input)]
  const owners = new Set(texts.map((text) => /acme|rival|third/.exec(text)?.[0]))
  expect(owners.size).toBe(1)
  const isPlatforms = call.apiKey === "platform env:K"
  if (!isPlatforms) expect(call.apiKey).toMatch(new RegExp(`^sk-${[...owners][0]}-`))
  if (call.endpoint.credential === "tenant") expect(isPlatforms).toBe(false)
  if (call.endpoint.credential === "platform") expect(isPlatforms).toBe(true)
}

test("no tenant's key ever serves another tenant's job, however calls are shared, cached, batched or retried", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (played) => {
      const harness = await setUpScenario(played)
      await play(played, harness)
      for (const call of harness.provider.calls) judge(call)
    }),
    { numRuns: 60 },
  )
}, 60_000)
