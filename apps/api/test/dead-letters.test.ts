import { deadLetterGroups, deadLetterResource, deadLetterSummary, replayResource } from "@sluice/core"
import { sampleFailure, sampleJob } from "@sluice/core/testing"
import { describe, expect, test } from "vitest"
import { type MemoryApi, startMemoryApi } from "./support/memory-api.ts"

async function dead(api: MemoryApi, overrides: Parameters<typeof sampleJob>[0] = {}, error: object = {}): Promise<string> {
  const job = sampleJob(overrides)
  await api.jobs.insert(job)
  const ending = sampleFailure({ eventId: `evt_${job.id}`, error: { ...sampleFailure().error, ...error } })
  await api.jobs.abandon({ id: job.id, run: 1, ending })
  return job.id.replace("job_", "dl_")
}

const post = (api: MemoryApi, path: string, body?: unknown) =>
  api.call({
    method: "POST",
    path,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
const idsOf = (answer: { json: { data: { id: string }[] } }) => answer.json.data.map(({ id }) => id)

describe("GET /v1/dead-letters", () => {
  test("shows the tenant's, each as its job names it, by filter and by page", async () => {
    const api = await startMemoryApi()
    const ids = [await dead(api), await dead(api, { route: "any", metadata: { k: "1" } }, { type: "overloaded" })]
    await dead(api, { tenantId: "acme" })
    const all = await api.call({ path: "/v1/dead-letters" })
    expect(all.status).toBe(200)
    expect(new Set(idsOf(all))).toEqual(new Set(ids))
    for (const letter of all.json.data) expect(deadLetterResource.parse(letter)).toEqual(letter)
    const [job] = all.json.data
    expect((await api.call({ path: `/v1/jobs/${job.jobId}` })).json.deadLetterId).toBe(job.id)
    expect(idsOf(await api.call({ path: "/v1/dead-letters?state=open&route=any&errorType=overloaded&metadata.k=1" }))).toEqual([ids[1]])
    expect(idsOf(await api.call({ path: "/v1/dead-letters?state=discarded" }))).toEqual([])
    const first = await api.call({ path: "/v1/dead-letters?limit=1" })
    const second = await api.call({ path: `/v1/dead-letters?limit=1&cursor=${first.json.nextCursor}` })
    expect([...idsOf(first), ...idsOf(second)]).toEqual(idsOf(all))
    expect(second.json.nextCursor).toBeNull()
  })

  test.each([
    ["cursor=abc", "query:cursor"],
    ["state=dead", "query:state"],
    ["errorType=nope", "query:errorType"],
    ["color=red", "query:color"],
    ["limit=0", "query:limit"],
  ])("refuses ?%s", async (query, pointer) => {
    const api = await startMemoryApi()
    const { status, json } = await api.call({ path: `/v1/dead-letters?${query}` })
    expect({ status, code: json.code, pointer: json.errors[0].pointer }).toEqual({ status: 400, code: "validation_failed", pointer })
  })

  test("one is found by its id, by its own tenant", async () => {
    const api = await startMemoryApi()
    const id = await dead(api)
    expect(await api.call({ path: `/v1/dead-letters/${id}` })).toMatchObject({
      status: 200,
      json: { id, state: "open", purgeAt: "2026-04-01T00:00:02.000Z" },
    })
    expect(await api.call({ path: `/v1/dead-letters/${id}`, headers: { "x-sluice-tenant": "acme" } })).toMatchObject({ status: 404 })
    for (const other of ["dl_0", "x", "%20"]) expect(await api.call({ path: `/v1/dead-letters/${other}` })).toMatchObject({ status: 404 })
  })

  test("the summary counts the open ones by cause", async () => {
    const api = await startMemoryApi()
    await dead(api)
    await dead(api, {}, { type: "overloaded", endpoint: null })
    await dead(api)
    const { json } = await api.call({ path: "/v1/dead-letters/summary" })
    expect(deadLetterSummary.parse(json)).toEqual({
      object: "dead_letter_summary",
      by: "errorType",
      total: 3,
      data: [
        { key: "invalid_input", count: 2 },
        { key: "overloaded", count: 1 },
      ],
    })
    expect((await api.call({ path: "/v1/dead-letters/summary?by=endpoint" })).json.data).toEqual([
      { key: "a", count: 2 },
      { key: null, count: 1 },
    ])
    expect(await api.call({ path: "/v1/dead-letters/summary?by=colour" })).toMatchObject({ status: 400 })
  })
})

test("GET /v1/dead-letters/groups groups by cause, with the filter that selects each group", async () => {
  const api = await startMemoryApi()
  await dead(api)
  await dead(api, {}, { type: "overloaded", endpoint: null })
  await dead(api)
  const { status, json } = await api.call({ path: "/v1/dead-letters/groups?createdAfter=2020-01-01T00:00:00Z" })
  expect(status).toBe(200)
  const { total, isComplete, data } = deadLetterGroups.parse(json)
  expect({ total, isComplete }).toEqual({ total: 3, isComplete: true })
  expect(data).toMatchObject([
    { kind: "job", errorType: "invalid_input", route: "chat", endpoint: "a", count: 2, sample: { message: expect.any(String) } },
    { errorType: "overloaded", endpoint: null, count: 1, filter: { endpoint: null, createdAfter: "2020-01-01T00:00:00.000Z" } },
  ])
  for (const { filter, count } of data) {
    expect((await post(api, "/v1/dead-letters/replay", { filter, dryRun: true })).json).toMatchObject({ matched: count })
  }
  expect((await api.call({ path: "/v1/dead-letters?endpoint=-" })).json.data).toMatchObject([{ error: { type: "overloaded" } }])
  const last = await post(api, "/v1/dead-letters/discard", { filter: data[1]?.filter, reason: "seen" })
  expect(last.json).toMatchObject({ discarded: 1 })
  expect((await api.call({ path: "/v1/dead-letters/groups" })).json).toMatchObject({ total: 2 })
})

describe("POST /v1/dead-letters/discard", () => {
  test("closes what is selected, says how many, and is in the audit log", async () => {
    const api = await startMemoryApi()
    const [one, two] = [await dead(api), await dead(api)]
    const answer = await post(api, "/v1/dead-letters/discard", { ids: [one, "dl_gone"], reason: "seen" })
    expect(answer).toMatchObject({ status: 200, json: { discarded: 1, hint: expect.stringMatching(/^1 of the 2 ids/) } })
    expect((await api.call({ path: `/v1/dead-letters/${one}` })).json).toMatchObject({
      state: "discarded",
      discarded: { by: "admin", reason: "seen" },
    })
    expect(idsOf(await api.call({ path: "/v1/dead-letters?state=open" }))).toEqual([two])
    const { json } = await api.call({ path: "/v1/audit", headers: { "x-request-id": "req_of_mine" } })
    expect(json).toMatchObject({
      data: [
        {
          object: "audit_entry",
          actor: "admin",
          tenantId: "default",
          action: "dead_letter.discard",
          details: { ids: [one, "dl_gone"], reason: "seen" },
        },
      ],
      nextCursor: null,
    })
  })

  test("discards nothing that cannot be written down", async () => {
    const api = await startMemoryApi()
    const id = await dead(api)
    api.audit.record = () => Promise.reject(new Error("away"))
    expect(await post(api, "/v1/dead-letters/discard", { ids: [id], reason: "seen" })).toMatchObject({ status: 500 })
    expect(await api.call({ path: `/v1/dead-letters/${id}` })).toMatchObject({ json: { state: "open" } })
  })

  test.each([
    [{ reason: "x" }, /either `filter` or `ids`/],
    [{ reason: "x", filter: { state: "open" }, ids: ["dl_1"] }, /either `filter` or `ids`/],
    [{ reason: "x", filter: {} }, /empty filter would select every dead letter/],
    [{ filter: { state: "open" } }, /./],
    [{ reason: " ", filter: { state: "open" } }, /./],
    [{ reason: "x", filter: { state: "resolved" } }, /Expected open; got/],
    [{ reason: "x", filter: { colour: "red" } }, /colour/],
    [{ reason: "x", filter: { state: "open" }, force: true }, /force/],
  ])("refuses %j", async (body, message) => {
    const api = await startMemoryApi()
    const { status, json } = await post(api, "/v1/dead-letters/discard", body)
    expect(status).toBe(400)
    expect(JSON.stringify(json.errors)).toMatch(message)
  })
})

describe("replays", () => {
  test("are made, found, listed and cancelled", async () => {
    const api = await startMemoryApi()
    await dead(api)
    const made = await post(api, "/v1/dead-letters/replay", { filter: { state: "open" }, perSecond: 200 })
    expect(made).toMatchObject({
      status: 202,
      json: { object: "replay", status: "running", matched: 1, requeued: 0, perSecond: 200, by: "admin" },
    })
    expect(replayResource.parse(made.json)).toEqual(made.json)
    const { location = "" } = made.headers
    expect(location).toBe(`/v1/replays/${made.json.id}`)
    expect((await api.call({ path: location })).json).toEqual(made.json)
    expect(idsOf(await api.call({ path: "/v1/replays" }))).toEqual([made.json.id])
    expect(idsOf(await api.call({ path: "/v1/replays", headers: { "x-sluice-tenant": "acme" } }))).toEqual([])
    expect(await api.call({ path: location, headers: { "x-sluice-tenant": "acme" } })).toMatchObject({ status: 404 })
    expect(await post(api, `${location}/cancel`)).toMatchObject({ status: 200, json: { status: "cancelled" } })
    expect(await post(api, `${location}/cancel`)).toMatchObject({ status: 200, json: { status: "cancelled" } })
    const actions = (await api.call({ path: "/v1/audit" })).json.data.map(
      ({ action, target }: Record<string, string>) => `${action} ${target}`,
    )
    expect(actions).toContain(`replay.create ${made.json.id}`)
    expect(actions).toContain(`replay.cancel ${made.json.id}`)
  })

  test("a dry run only counts; one of nothing is complete at once and says why", async () => {
    const api = await startMemoryApi()
    await dead(api)
    const dry = await post(api, "/v1/dead-letters/replay", { filter: { state: "open" }, dryRun: true })
    expect(dry).toMatchObject({ status: 200, json: { id: null, status: "dry_run", matched: 1 } })
    expect(replayResource.parse(dry.json)).toEqual(dry.json)
    const none = await post(api, "/v1/dead-letters/replay", { filter: { errorType: "timeout" } })
    expect(none).toMatchObject({
      status: 200,
      json: { status: "completed", matched: 0, hint: expect.stringMatching(/No open dead letter/) },
    })
    expect(await post(api, `/v1/replays/${none.json.id}/cancel`)).toMatchObject({ status: 409, json: { code: "conflict" } })
    expect((await api.call({ path: "/v1/replays" })).json.data).toHaveLength(1)
  })

  test.each([
    [{ overrides: { route: "nope" } }, "#/overrides/route", /There is no route "nope"/],
    [{ overrides: { route: "embed" } }, "#/overrides/route", /embedding/],
    [{ overrides: { endpoint: "z" } }, "#/overrides/endpoint", /has no endpoint "z". It has a/],
    [{ overrides: {} }, "#/overrides", /Nothing is overridden/],
    [{ overrides: { options: { runAt: null } } }, "#/overrides/options/runAt", /./],
    [{ perSecond: 0 }, "#/perSecond", /./],
    [{ perSecond: 1_001 }, "#/perSecond", /./],
  ])("refuses %j", async (extra, pointer, message) => {
    const api = await startMemoryApi()
    await dead(api)
    const { status, json } = await post(api, "/v1/dead-letters/replay", { filter: { state: "open" }, ...extra })
    expect({ status, pointer: json.errors?.[0].pointer }).toEqual({ status: 400, pointer })
    expect(json.errors[0].detail).toMatch(message)
  })

  test("need a key", async () => {
    const api = await startMemoryApi()
    for (const path of ["/v1/dead-letters", "/v1/replays", "/v1/audit", "/v1/queues"]) {
      expect(await api.call({ path, headers: { authorization: "Bearer sk_wrong" } })).toMatchObject({ status: 401 })
    }
  })
})
