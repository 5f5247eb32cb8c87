import { type Alert, type AlertMessage, alertResource } from "@sluice/core"
import { createMemoryAlertStore, sampleAlert } from "@sluice/core/testing"
import { createAlertBoard } from "@sluice/engine"
import { describe, expect, test } from "vitest"
import { startMemoryApi } from "./support/memory-api.ts"

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute))

async function startAlertApi(
  alerts: readonly Alert[] = [],
  result: { ok: true } | { ok: false; error: string; retryAfterMs: null } = { ok: true },
) {
  const store = createMemoryAlertStore()
  for (const alert of alerts) await store.insert(alert)
  const sent: AlertMessage[] = []
  const alertBoard = createAlertBoard({
    alerts: store,
    sender: {
      send({ message }) {
        sent.push(message)
        return Promise.resolve(result)
      },
    },
    channels: () => ({ team: { type: "stdout" }, night: { type: "stdout" } }),
    publicUrl: () => "https://sluice.example/",
    clock: () => at(10),
  })
  const api = await startMemoryApi({ app: { alertBoard } })
  const post = (path: string, body?: object) =>
    api.call({
      method: "POST",
      path,
      ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    })
  return { ...api, store, sent, post }
}

const alerts = [
  sampleAlert({ since: at(1), subject: "a", state: "resolved", resolvedAt: at(2) }),
  sampleAlert({ since: at(2), subject: "b" }),
  sampleAlert({ since: at(3), subject: "c", state: "pending", firedAt: null, notices: [], rule: "other" }),
]

describe("GET /v1/alerts", () => {
  test("lists what there is, newest first, by page and by filter, with where the dashboard shows it", async () => {
    const { call } = await startAlertApi(alerts)
    const list = async (query = "") => {
      const { status, json } = await call({ path: `/v1/alerts${query}` })
      expect(status).toBe(200)
      return { ...json, subjects: json.data.map((alert: unknown) => alertResource.parse(alert).subject) }
    }
    expect((await list()).subjects).toEqual(["c", "b", "a"])
    expect((await list()).data[0].url).toBe("https://sluice.example/dashboard/endpoints")
    expect((await list("?state=firing")).subjects).toEqual(["b"])
    expect((await list("?rule=other")).subjects).toEqual(["c"])
    expect((await list("?since=2026-01-01T00:02:00Z")).subjects).toEqual(["c", "b"])
    const page = await list("?limit=2")
    expect((await list(`?limit=2&cursor=${page.nextCursor}`)).subjects).toEqual(["a"])
    expect(await call({ path: "/v1/alerts?state=loud" })).toMatchObject({ status: 400, json: { errors: [{ pointer: "query:state" }] } })
  })

  test("is for operators", async () => {
    const api = await startAlertApi(alerts)
    const { text } = await api.access.makeKey({ tenantId: "acme", scopes: ["*"] })
    expect((await api.call({ path: "/v1/alerts", headers: { authorization: `Bearer ${text}` } })).status).toBe(403)
  })
})

describe("POST /v1/alerts/{id}/mute", () => {
  test("says until when, and writes down who did it", async () => {
    const { post, store, audit } = await startAlertApi(alerts)
    const id = alerts[1]?.id ?? ""
    const muted = await post(`/v1/alerts/${id}/mute`, { forMs: 60_000 })
    expect(muted).toMatchObject({ status: 200, json: { id, mutedUntil: "2026-01-01T00:11:00.000Z" } })
    expect((await store.find(id))?.mutedUntil).toEqual(at(11))
    expect(await audit.list({ filter: { action: "alert.mute" }, before: null, limit: 1 })).toMatchObject([{ target: id }])
    expect(await post(`/v1/alerts/${alerts[0]?.id}/mute`, { forMs: 60_000 })).toMatchObject({
      json: { state: "resolved", mutedUntil: null },
    })
  })

  test("answers 404 for none, and 400 for no time", async () => {
    const { post } = await startAlertApi()
    expect(await post(`/v1/alerts/alt_${"0".repeat(32)}/mute`, { forMs: 1 })).toMatchObject({ status: 404, json: { code: "not_found" } })
    expect(await post(`/v1/alerts/alt_${"0".repeat(32)}/mute`, { forMs: 0 })).toMatchObject({
      status: 400,
      json: { errors: [{ pointer: "#/forMs" }] },
    })
  })
})

describe("POST /v1/alert-channels/{name}/test", () => {
  test("sends one message that says what it is", async () => {
    const { post, sent } = await startAlertApi()
    expect(await post("/v1/alert-channels/team/test")).toMatchObject({
      status: 200,
      json: { channel: "team", delivered: true, error: null },
    })
    expect(sent).toMatchObject([
      { event: "test", url: "https://sluice.example/dashboard", alert: { summary: expect.stringContaining("test") } },
    ])
  })

  test("says why it was not taken, and which channels there are", async () => {
    const { post } = await startAlertApi([], { ok: false, error: "It answered 404", retryAfterMs: null })
    expect(await post("/v1/alert-channels/night/test")).toMatchObject({ json: { delivered: false, error: "It answered 404" } })
    expect(await post("/v1/alert-channels/nigth/test")).toMatchObject({
      status: 404,
      json: { detail: 'Did you mean "night"? There are the alert channels team, night.' },
    })
  })
})
