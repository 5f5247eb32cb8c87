import { deadLetterIdOf, type Scope } from "@sluice/core"
import { type Operation, operations } from "@sluice/core/operations"
import { imageBlobId } from "@sluice/engine"
import { describe, expect, test } from "vitest"
import type { Answer } from "../../test/support/call.ts"
import { fail, succeed } from "../../test/support/finish-job.ts"
import { chatJob, type MemoryApi, startMemoryApi } from "../../test/support/memory-api.ts"

// Walks through every operation of the contract, so that a new one cannot be forgotten: with a key of another tenant that holds
// every scope a tenant can have, what belongs to the first is not found, and nothing says that it is there.

const post = async (api: MemoryApi, path: string, body: unknown): Promise<Answer> => {
  const headers = { "content-type": "application/json", "x-sluice-tenant": "owner" }
  return await api.call({ method: "POST", path, headers, body: JSON.stringify(body) })
}

const imageName = "1-t1-0"

/** For each kind of resource, makes one that belongs to the tenant `owner`, and says what the path's parameters are then. */
const makers: Readonly<Record<string, (api: MemoryApi) => Promise<Record<string, string>>>> = {
  jobs: async (api) => {
    const { id } = (await post(api, "/v1/jobs", chatJob)).json
    await succeed(api.jobs, { id })
    const blob = { id: imageBlobId({ id }, imageName), tenantId: "owner", contentType: "image/png", bytes: new Uint8Array(1) }
    await api.blobs.put(blob)
    return { id, name: imageName }
  },
  batches: async (api) => ({ id: (await post(api, "/v1/batches", { items: [{ customId: "a", job: chatJob }] })).json.batch.id }),
  "dead-letters": async (api) => ({ id: deadLetterIdOf({ id: await failedJob(api) }) }),
  replays: async (api) => {
    await failedJob(api)
    return { id: (await post(api, "/v1/dead-letters/replay", { filter: { state: "open" } })).json.id }
  },
  "webhook-endpoints": async (api) => {
    const { id } = (await post(api, "/v1/webhook-endpoints", { url: "https://app.example/hooks" })).json
    const delivery = (await post(api, `/v1/webhook-endpoints/${id}/test`, undefined)).json
    const recovery = (await post(api, `/v1/webhook-endpoints/${id}/recover`, { since: "2026-01-01T00:00:00Z" })).json
    return { id, deliveryId: delivery.id, recoveryId: recovery.id }
  },
  "provider-credentials": async (api) => {
    await putCredential(api, { "x-sluice-tenant": "owner" })
    return { name: "openai" }
  },
  "api-keys": async (api) => ({ id: (await post(api, "/v1/api-keys", { name: "k", scopes: ["jobs:read"] })).json.id }),
}

const putCredential = (api: MemoryApi, headers: Readonly<Record<string, string>>, secret = "sk-of-the-owner-0001") =>
  api.call({
    method: "PUT",
    path: "/v1/provider-credentials/openai",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ secret }),
  })

async function failedJob(api: MemoryApi): Promise<string> {
  const { id } = (await post(api, "/v1/jobs", chatJob)).json
  await fail(api.jobs, { id })
  return id
}

const kindOf = ({ path }: Operation): string => path.split("/")[2] ?? ""

/** An operation with an example of its body, on what the parameters name. */
async function perform(api: MemoryApi, key: string, operation: Operation, parameters: Readonly<Record<string, string>>): Promise<Answer> {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? "missing"))
  const examples = operation.body?.content["application/json"]?.examples ?? {}
  const [body] = Object.values(examples)
  return await api.call({
    method: operation.method.toUpperCase(),
    path,
    headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

async function setUp() {
  const api = await startMemoryApi()
  api.access.configured.owner = {}
  const scopes: readonly (Scope | string)[] = ["*"]
  const owner = await api.access.makeKey({ tenantId: "owner", scopes })
  const stranger = await api.access.makeKey({ tenantId: "stranger", scopes })
  return { api, owner: owner.text, stranger: stranger.text }
}

const areOperators = /^(?:operate|tenants):/
const guarded = operations.filter(({ scope }) => scope !== null)
const ofTenants = guarded.filter(({ scope }) => !areOperators.test(scope ?? ""))
/** What it names is the caller's own, whatever others have under the same name. */
const namesItsOwn: ReadonlySet<string> = new Set(["putProviderCredential"])
const ofOne = ofTenants.filter(({ id, path }) => path.includes("{") && !namesItsOwn.has(id))
const ofAll = ofTenants.filter(({ path }) => !path.includes("{"))

describe.each(ofOne)("$id of another tenant's", (operation) => {
  test("is not found, and the owner's is", async () => {
    const { api, owner, stranger } = await setUp()
    const make = makers[kindOf(operation)]
    if (!make) throw new Error(`Say in this test how to make one of ${kindOf(operation)}.`)
    const parameters = await make(api)
    const before = JSON.stringify(await api.audit.list({ filter: {}, before: null, limit: 200 }))
    const refused = await perform(api, stranger, operation, parameters)
    expect(refused.status, refused.text).toBe(404)
    expect(refused.json.code).toBe("not_found")
    // Nor is anything written down as if it had been done.
    expect(JSON.stringify(await api.audit.list({ filter: {}, before: null, limit: 200 }))).toBe(before)
    const nothing = await perform(
      api,
      stranger,
      operation,
      Object.fromEntries(Object.entries(parameters).map(([name, id]) => [name, other(id)])),
    )
    expect({ ...refused.json, instance: "", requestId: "" }).toEqual({ ...nothing.json, instance: "", requestId: "" })
    expect((await perform(api, owner, operation, parameters)).status).not.toBe(404)
  })
})

/** An id of the same form that names nothing. */
function other(id: string): string {
  return id.replaceAll(/[0-9a-f]{32}/g, (hex) => `${hex.slice(0, -4)}${hex.endsWith("0000") ? "1111" : "0000"}`)
}

test.each(ofAll)("$id shows and touches nothing of another tenant", async (operation) => {
  const { api, stranger } = await setUp()
  const made: string[] = []
  // What has a name and no id is not told by its name.
  for (const make of Object.values(makers)) made.push(...[(await make(api)).id ?? []].flat())
  const states = async () =>
    JSON.stringify([await list(api, "/v1/jobs"), await list(api, "/v1/dead-letters"), await list(api, "/v1/webhook-endpoints")])
  const before = await states()
  const { status, text } = await perform(api, stranger, operation, {})
  expect(status, text).toBeLessThan(500)
  for (const id of made) expect(text).not.toContain(id)
  expect(await states()).toBe(before)
})

async function list(api: MemoryApi, path: string): Promise<unknown> {
  return (await api.call({ path, headers: { "x-sluice-tenant": "owner" } })).json
}

test.each(guarded.filter(({ scope }) => areOperators.test(scope ?? "")))(
  "$id, which is for operators, asks for its scope whatever it names",
  async (operation) => {
    const { api, stranger } = await setUp()
    const parameters = { name: "chat", id: "owner" }
    const [of, ofNothing] = [
      await perform(api, stranger, operation, parameters),
      await perform(api, stranger, operation, { name: "none", id: "none" }),
    ]
    expect([of.status, ofNothing.status]).toEqual([403, 403])
    expect(of.json.detail).toBe(ofNothing.json.detail)
  },
)

test("a provider credential of one name is each tenant's own", async () => {
  const { api, owner, stranger } = await setUp()
  await putCredential(api, { authorization: `Bearer ${owner}` }, "sk-of-the-owner-0001")
  await putCredential(api, { authorization: `Bearer ${stranger}` }, "sk-of-a-stranger-2")
  for (const [key, hint] of [
    [owner, "0001"],
    [stranger, "er-2"],
  ]) {
    const { json } = await api.call({ path: "/v1/provider-credentials", headers: { authorization: `Bearer ${key}` } })
    expect(json.data).toMatchObject([{ name: "openai", hint }])
  }
})

test("a selection of another tenant's dead letters selects nothing", async () => {
  const { api, stranger } = await setUp()
  const id = deadLetterIdOf({ id: await failedJob(api) })
  const send = (path: string, body: object) =>
    api.call({
      method: "POST",
      path,
      headers: { authorization: `Bearer ${stranger}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    })
  expect((await send("/v1/dead-letters/replay", { ids: [id], dryRun: true })).json).toMatchObject({ matched: 0 })
  expect((await send("/v1/dead-letters/discard", { ids: [id], reason: "x" })).text).not.toContain('"discarded":1')
  expect(await list(api, "/v1/dead-letters?state=open")).toMatchObject({ data: [{ id }] })
})
