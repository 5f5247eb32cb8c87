import { deadLetterIdOf, tenantScopes } from "@sluice/core"
import { type Operation, operations } from "@sluice/core/operations"
import { expect, test } from "vitest"
import { fail } from "./support/finish-job.ts"
import { chatJob, type MemoryApi, startMemoryApi } from "./support/memory-api.ts"

const json = { "content-type": "application/json" }

/** One of each thing that a tenant can have, by the address under which it stands. */
async function makeOneOfEach(api: MemoryApi): Promise<Readonly<Record<string, string>>> {
  const post = async (path: string, body: object) =>
    (await api.call({ method: "POST", path, headers: json, body: JSON.stringify(body) })).json
  const job = (await api.submit(chatJob)).json
  const failed = (await api.submit(chatJob)).json
  await fail(api.jobs, { id: failed.id })
  const [batch, endpoint, key, replay] = await Promise.all([
    post("/v1/batches", { items: [{ customId: "a", job: chatJob }] }),
    post("/v1/webhook-endpoints", { url: "https://receiver.example/hooks" }),
    post("/v1/api-keys", { name: "theirs", scopes: ["jobs:read"] }),
    post("/v1/dead-letters/replay", { filter: { route: "chat" } }),
  ])
  return {
    jobs: job.id,
    batches: batch.batch.id,
    "dead-letters": deadLetterIdOf({ id: failed.id }),
    "webhook-endpoints": endpoint.id,
    "api-keys": key.id,
    replays: replay.id,
  }
}

function requestOf({ method, path, body }: Operation, id: string) {
  const [content] = Object.values(body?.content ?? {})
  const [example = {}] = Object.values(content?.examples ?? {})
  const address = path.replace("{id}", id).replaceAll(/\{\w+\}/g, "x")
  return { method: method.toUpperCase(), path: address, ...(body && { headers: json, body: JSON.stringify(example) }) }
}

/** Calls to one thing of a tenant's, by its id. */
const ofOneThing = operations.filter(({ path, scope }) => path.includes("{id}") && tenantScopes.some((one) => one === scope))
const resourceOf = ({ path }: Operation) => path.split("/")[2] ?? ""

test("what belongs to a tenant is not found with another tenant's key, whatever is done with it", async () => {
  const api = await startMemoryApi()
  const ids = await makeOneOfEach(api)
  const { text } = await api.access.makeKey({ tenantId: "rival", scopes: ["*"] })
  const walk = (authorization?: string) =>
    Promise.all(
      ofOneThing.map(async (operation) => {
        const request = requestOf(operation, ids[resourceOf(operation)] ?? "unknown")
        const { status } = await api.call({ ...request, headers: { ...request.headers, ...(authorization && { authorization }) } })
        return [operation.id, status] as const
      }),
    )
  expect([...new Set(ofOneThing.map(resourceOf))].toSorted()).toEqual(Object.keys(ids).toSorted())
  expect(Object.fromEntries(await walk(`Bearer ${text}`))).toEqual(Object.fromEntries(ofOneThing.map(({ id }) => [id, 404])))

  // The same calls with the owner's key find it, or the walk would prove nothing.
  const reads = ofOneThing.filter(({ method, path }) => method === "get" && path.endsWith("{id}"))
  const own = await Promise.all(
    reads.map(async (operation) => (await api.call(requestOf(operation, ids[resourceOf(operation)] ?? ""))).status),
  )
  expect(own).toEqual(reads.map(() => 200))
})

test("lists show a tenant nothing of another's", async () => {
  const api = await startMemoryApi()
  const ids = await makeOneOfEach(api)
  const { text, id } = await api.access.makeKey({ tenantId: "rival", scopes: ["*"] })
  for (const resource of Object.keys(ids)) {
    const mine = await api.call({ path: `/v1/${resource}`, headers: { authorization: `Bearer ${text}` } })
    expect([resource, mine.status, mine.json.data.filter((one: { id: string }) => one.id !== id)]).toEqual([resource, 200, []])
    const theirs = await api.call({ path: `/v1/${resource}` })
    expect([resource, theirs.json.data.length > 0]).toEqual([resource, true])
  }
})
