import { QueueUnavailableError } from "@sluice/core"
import { describe, expect, onTestFinished, test, vi } from "vitest"
import { createAdmission } from "../../src/index.ts"
import { connectForTest, keysOf, untilAnswering } from "../support/connect.ts"
import { createRedisServer } from "../support/redis-server.ts"
import { connectForAdmission, driveAdmission } from "./driven-admission.ts"
import { sampleAdmit, sampleEndpoint, sampleSettle } from "./samples.ts"

describe("on the server's own clock", () => {
  test("no more starts are granted than the limit and one burst, whoever asks", async () => {
    const { redis } = await connectForAdmission()
    const other = connectForTest({ url: `redis://${redis.address}`, namespace: redis.namespace })
    await untilAnswering(other.redis)
    const admissions = [createAdmission({ redis }), createAdmission({ redis: other.redis })]
    const endpoints = [sampleEndpoint({ requestsPerMinute: 1_200, concurrency: 1_000 })]
    const startedAt = performance.now()
    const grants: number[] = []
    const caller = async (index: number): Promise<void> => {
      const admission = admissions[index % 2]
      while (performance.now() - startedAt < 2_000) {
        const outcome = await admission?.admit(sampleAdmit({ endpoints, maxWaitMs: 200 }))
        const waitMs = outcome?.kind === "refused" ? outcome.retryInMs : 0
        if (outcome?.kind === "admitted") grants.push(outcome.startInMs)
        await new Promise((resolve) => setTimeout(resolve, Math.min(waitMs, 50)))
      }
    }
    await Promise.all(Array.from({ length: 20 }, (_, index) => caller(index)))
    const seconds = (performance.now() - startedAt) / 1_000 + 0.2
    expect(grants.length).toBeLessThanOrEqual(19.7 * (seconds + 1) + 1)
    expect(grants.length).toBeGreaterThan(20)
  })

  test("what one process finds out, all others know", async () => {
    const { redis } = await connectForAdmission()
    const other = connectForTest({ url: `redis://${redis.address}`, namespace: redis.namespace })
    await untilAnswering(other.redis)
    const [one, two] = [createAdmission({ redis }), createAdmission({ redis: other.redis })]
    for (let failures = 0; failures < 3; failures += 1) {
      const request = sampleAdmit()
      await one.admit(request)
      await one.settle(sampleSettle({ lease: request.lease, outcome: "failure" }))
    }
    expect(await two.admit(sampleAdmit())).toMatchObject({ kind: "refused", reason: "breaker_open" })
  })
})

describe("what is kept", () => {
  /** Does a little of everything. */
  async function useEverything() {
    const [limited, narrow] = [sampleEndpoint({ name: "a", tokensPerMinute: 60_000 }), sampleEndpoint({ name: "b", concurrency: 1 })]
    const driven = await driveAdmission([limited])
    const { ask, call, settle, fail, pass } = driven
    await settle(await call())
    pass(1_000)
    await settle(await call({ isRetry: true }))
    await settle(await call({ endpoints: [sampleEndpoint({ name: "d" })] }), { disable: "quota", outcome: "ignore" })
    for (let asked = 0; asked < 2; asked += 1) await ask({ refusals: 3, tokens: 50_000 })
    await fail(3, { endpoints: [narrow] })
    pass(15_000)
    await call({ endpoints: [narrow], isRetry: true })
    await ask({ endpoints: [{ ...narrow, name: "c" }] })
    await ask({ endpoints: [{ ...narrow, name: "c" }], refusals: 3 })
    return driven
  }

  test("shares one hash tag and expires by itself", async () => {
    const { client, redis } = await useEverything()
    const keys = await keysOf(client, `{${redis.namespace}`)
    const kinds = new Set(keys.map((key) => key.slice(`{${redis.namespace}:adm}:`.length).split(":").at(0)))
    expect(keys.every((key) => key.startsWith(`{${redis.namespace}:adm}:`))).toBe(true)
    expect([...kinds].sort()).toEqual([
      "booking",
      "calls",
      "credential",
      "endpoint",
      "group",
      "history",
      "leases",
      "probes",
      "reserved",
      "retries",
      "route",
    ])
    for (const key of keys) expect([key, (await client.pttl(key)) > 0]).toEqual([key, true])
  })

  test("of an operator's word stays until it is taken back", async () => {
    const { admission, client, redis } = await driveAdmission()
    const prefix = `{${redis.namespace}:adm}:`
    await admission.force({ endpoint: "a", state: "open", by: "Ada" })
    await admission.pauseRoute({ route: "chat", paused: true, by: "Ada" })
    await admission.admit(sampleAdmit({ route: "other" }))
    expect(await Promise.all(["endpoint:a", "route:chat", "paused"].map((key) => client.pttl(prefix + key)))).toEqual([-1, -1, -1])
    await admission.force({ endpoint: "a", state: "auto", by: "Ada" })
    await admission.pauseRoute({ route: "chat", paused: false, by: "Ada" })
    expect(await client.pttl(`${prefix}endpoint:a`)).toBeGreaterThan(0)
    expect(await client.pttl(`${prefix}route:chat`)).toBeGreaterThan(0)
    expect(await client.exists(`${prefix}paused`)).toBe(0)
  })

  test("of the history is bounded", async () => {
    const { admission, state } = await driveAdmission()
    for (let times = 0; times < 70; times += 1) {
      await admission.force({ endpoint: "a", state: "open", by: `Ada ${times}` })
      await admission.force({ endpoint: "a", state: "closed", by: "Grace" })
    }
    const { history } = await state()
    expect(history.length).toBe(100)
    expect(history.slice(0, 2)).toMatchObject([
      { state: "closed", by: "Grace" },
      { state: "open", by: "Ada 69" },
    ])
  })
})

describe("events", () => {
  test("tell what this process' calls brought about", async () => {
    const { admission, events, call, settle, fail, pass } = await driveAdmission()
    await fail(3)
    pass(15_000)
    const probes = [await call(), await call()]
    for (const probe of probes) await settle(probe)
    await settle(await call(), { outcome: "ignore", disable: "credential" })
    pass(30_000)
    await settle(await call())
    const reported = { requests: { limit: null, remaining: 0, resetMs: null }, tokens: null }
    await settle(await call(), { outcome: "ignore", throttled: true, retryAfterMs: 700, reported })
    await admission.force({ endpoint: "a", state: "open", by: "Ada" })
    const { limitGroup, credential } = sampleEndpoint()
    const change = (from: string, to: string, by: string | null = null, openMs: number | null = null) => ({
      kind: "breaker_changed",
      endpoint: "a",
      from,
      to,
      by,
      openMs,
    })
    expect(events).toEqual([
      change("closed", "open", null, 15_000),
      change("open", "half_open"),
      change("half_open", "closed"),
      { kind: "credential_disabled", credential, reason: "credential", retryInMs: 30_000 },
      { kind: "credential_enabled", credential },
      { kind: "group_paused", limitGroup, pauseMs: 700 },
      change("closed", "open", "Ada"),
    ])
  })

  test("a listener that throws harms no job, and is reported", async () => {
    const { redis, errors } = await connectForAdmission()
    const onEvent = (): void => {
      throw new Error("the listener is broken")
    }
    const admission = createAdmission({ redis, onEvent })
    await expect(admission.force({ endpoint: "a", state: "open", by: "Ada" })).resolves.toBeUndefined()
    expect(errors).toEqual(["the listener is broken"])
  })
})

describe("operators see", () => {
  test("of an endpoint that was never used that nothing is known", async () => {
    const { state } = await driveAdmission([sampleEndpoint({ requestsPerMinute: 600 })])
    expect(await state()).toEqual({
      name: "a",
      breaker: "closed",
      forced: null,
      openUntil: null,
      trips: 0,
      calls: 0,
      failures: 0,
      slow: 0,
      successRate: null,
      latencyMs: null,
      inFlight: 0,
      concurrencyCap: null,
      requestsPerMinute: null,
      tokensPerMinute: null,
      pausedUntil: null,
      disabled: null,
      history: [],
    })
  })

  test("the paused routes, and who paused them", async () => {
    const { admission, nowMs } = await driveAdmission()
    await admission.pauseRoute({ route: "chat", paused: true, by: "Ada L." })
    await admission.pauseRoute({ route: "chat", paused: true, by: "someone else" })
    expect(await admission.pausedRoutes()).toEqual(new Map([["chat", { since: new Date(nowMs()), by: "Ada L." }]]))
  })
})

describe("when Redis", () => {
  test("forgets the scripts, they are sent again", async () => {
    const { client, ask, call, settle } = await driveAdmission()
    const one = await call()
    await client.script("FLUSH")
    await expect(settle(one)).resolves.toMatchObject({ applied: true })
    await expect(ask()).resolves.toMatchObject({ kind: "admitted" })
  })

  test("is down, asking fails fast, and works again when it is back", async () => {
    const server = await createRedisServer()
    onTestFinished(() => server.dispose())
    await server.start()
    const { redis } = connectForTest({ url: server.url, commandBudgetMs: 300, skipAfterTimeoutMs: 500 })
    await untilAnswering(redis)
    const admission = createAdmission({ redis })
    await expect(admission.admit(sampleAdmit())).resolves.toMatchObject({ kind: "admitted" })

    await server.kill()
    for (const asked of [admission.admit(sampleAdmit()), admission.settle(sampleSettle({ lease: "one" })), admission.pausedRoutes()]) {
      await expect(asked).rejects.toBeInstanceOf(QueueUnavailableError)
    }
    await server.start()
    await untilAnswering(redis)
    await vi.waitFor(() => expect(admission.admit(sampleAdmit())).resolves.toMatchObject({ kind: "admitted" }))
  })
})

test("a pool without endpoints is a defect, said before Redis is asked", async () => {
  const { admission } = await driveAdmission()
  await expect(admission.admit(sampleAdmit({ endpoints: [] }))).rejects.toThrow("a pool without endpoints")
})
