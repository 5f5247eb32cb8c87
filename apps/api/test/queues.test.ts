import { newJobId } from "@sluice/core"
import { createJobQueue, createQueueInspector, openQueueViews } from "@sluice/redis"
import { describe, expect, test } from "vitest"
import { createQueueBoard } from "../src/board/queue-board.ts"
import { call } from "./support/call.ts"
import { memoryAccess } from "./support/memory-access.ts"
import { adminKey, startMemoryApi } from "./support/memory-api.ts"
import { openRedis } from "./support/open-redis.ts"

async function startWithRedis() {
  const redis = await openRedis()
  const routes = ["chat"]
  const routeNames = () => routes
  const queueBoard = createQueueBoard({ views: openQueueViews({ redis }), routeNames, authentication: { adminKey, ...memoryAccess() } })
  const api = await startMemoryApi({ app: { queues: createQueueInspector({ redis }), routeNames, queueBoard } })
  const entry = {
    id: newJobId({ at: new Date() }),
    run: 1,
    route: "chat",
    tenantId: "default",
    priority: "standard",
    notBefore: null,
  } as const
  await createJobQueue({ redis }).enqueue([entry])
  return { ...api, routes, entry, plain: (path: string, headers: Record<string, string> = {}) => call(api.url, { path, headers }) }
}

const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`me:${password}`).toString("base64")}` })

describe("/v1/queues", () => {
  test("shows what waits, and pauses and resumes, which is in the audit log", async () => {
    const api = await startWithRedis()
    const { json } = await api.call({ path: "/v1/queues" })
    expect(json.data).toMatchObject([{ name: "chat", object: "queue", waiting: 0, prioritized: 1, delayed: 0, active: 0, paused: false }])
    expect(json.data[0].oldestWaitingMs).toBeGreaterThanOrEqual(0)
    const change = (verb: string, name = "chat") => api.call({ method: "POST", path: `/v1/queues/${name}/${verb}` })
    expect(await change("pause")).toMatchObject({ status: 200, json: { name: "chat", paused: true, prioritized: 1 } })
    expect(await change("resume")).toMatchObject({ status: 200, json: { paused: false } })
    expect(await change("pause", "nowhere")).toMatchObject({
      status: 404,
      json: { detail: expect.stringMatching(/Each route has one: chat/) },
    })
    const { data } = (await api.call({ path: "/v1/audit" })).json
    expect(data.map(({ action, target }: Record<string, string>) => [action, target])).toEqual([
      ["queue.resume", "chat"],
      ["queue.pause", "chat"],
    ])
  })

  test("says so when Redis does not answer", async () => {
    const api = await startMemoryApi()
    expect(await api.call({ path: "/v1/queues" })).toMatchObject({ status: 503, json: { code: "storage_unavailable" } })
  })
})

describe("/admin/queues", () => {
  test("asks for the admin key, which may come as a password", async () => {
    const { plain } = await startWithRedis()
    for (const path of ["/admin/queues", "/admin/queues/api/queues", "/admin/queues/static/js/none.js"]) {
      const refused = await plain(path)
      expect(refused).toMatchObject({ status: 401, headers: { "www-authenticate": expect.stringMatching(/^Basic realm=/) } })
      expect(await plain(path, basic("wrong"))).toMatchObject({ status: 401 })
      expect(await plain(path, { authorization: "Basic !" })).toMatchObject({ status: 401 })
    }
    expect(await plain("/admin/queues", basic(adminKey))).toMatchObject({ status: 200 })
    expect(await plain("/admin/queues", { authorization: `Bearer ${adminKey}` })).toMatchObject({ status: 200 })
    expect(await plain("/v1/jobs", basic(adminKey))).toMatchObject({ status: 401 })
  })

  test("serves the page with a policy that lets nothing in from elsewhere, and all that it refers to", async () => {
    const { plain } = await startWithRedis()
    const page = await plain("/admin/queues", basic(adminKey))
    const policy = String(page.headers["content-security-policy"])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).not.toContain("unsafe-eval")
    expect(page.text).not.toMatch(/<script(?![^>]*(src=|application\/json))/)
    expect(page.text).toContain('<base href="/admin/queues/"')
    const files = [...page.text.matchAll(/(?:src|href)="(static\/[^"]+)"/g)].map(([, file]) => file)
    expect(files.length).toBeGreaterThan(3)
    for (const file of files) expect(await plain(`/admin/queues/${file}`, basic(adminKey)), file).toMatchObject({ status: 200 })
  })

  test("shows the queues of the configuration as it is then, and what is in them", async () => {
    const { plain, routes, entry } = await startWithRedis()
    const list = () => plain("/admin/queues/api/queues?activeQueue=%7Broute-chat%7D&status=prioritized", basic(adminKey))
    const queues = async () => (await list()).json.queues
    // The board has a connection of its own, which may not stand yet.
    await expect.poll(async () => (await list()).status).toBe(200)
    const [chat, ...others] = await queues()
    expect(others).toEqual([])
    expect(chat).toMatchObject({ readOnlyMode: true, counts: { prioritized: 1 } })
    expect(JSON.stringify(chat.jobs)).toContain(entry.id)
    routes.push("other")
    expect(await queues()).toHaveLength(2)
  })

  test("changes nothing, whatever the method", async () => {
    const api = await startWithRedis()
    const at = "/admin/queues/api/queues/%7Broute-chat%7D"
    for (const [method, path] of [
      ["PUT", `${at}/pause`],
      ["PUT", `${at}/empty`],
      ["PUT", `${at}/${api.entry.id}-1/clean`],
      ["POST", `${at}/add`],
      ["PATCH", `${at}/${api.entry.id}-1/update-data`],
      ["DELETE", at],
    ] as const) {
      const answer = await call(api.url, { method, path, headers: basic(adminKey) })
      expect(answer, path).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" }, json: { code: "method_not_allowed" } })
    }
    expect((await api.call({ path: "/v1/queues" })).json.data).toMatchObject([{ prioritized: 1, paused: false }])
  })
})
