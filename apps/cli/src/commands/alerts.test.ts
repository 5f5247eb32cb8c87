import { expect, test } from "vitest"
import { runFake } from "../testing/run-fake.ts"

const id = "alt_01993f0ac1d27c4e8b60a1b2c3d4e5f6"
const notice = { event: "firing", createdAt: "2026-11-21T11:54:00.000Z", tries: 1, nextTryAt: null, error: null }
const alert = {
  ...{ id, object: "alert", rule: "breaker_open", when: "breaker_open", severity: "ticket", state: "firing", subject: "endpoint eu" },
  ...{
    labels: {},
    value: null,
    summary: "The breaker of eu has been open for 6 minutes.",
    advice: "Look at it.",
    url: null,
    mutedUntil: null,
  },
  ...{ since: "2026-11-21T11:54:00.000Z", firedAt: "2026-11-21T11:59:00.000Z", resolvedAt: null },
  notices: [
    { ...notice, channel: "team", sentAt: "2026-11-21T11:59:01.000Z" },
    { ...notice, channel: "night", sentAt: null },
  ],
}

test("alerts lists what fires, and who has been told", async () => {
  const api = { "GET /v1/alerts": { body: { data: [alert], nextCursor: null } } }
  const { code, out, calls } = await runFake({ args: ["alerts", "list", "--state", "firing", "--since", "1h"], api })
  expect(code).toBe(0)
  expect(calls[0]?.query).toMatchObject({ state: "firing", since: "2026-11-21T11:00:00.000Z" })
  for (const part of ["firing ticket", "breaker_open", alert.summary, "team, night (not yet)", id]) expect(out).toContain(part)
  expect((await runFake({ args: ["alerts"], api: { "GET /v1/alerts": { body: { data: [], nextCursor: null } } } })).notes).toBe(
    "There are no alerts.",
  )
})

test("alerts mute says until when", async () => {
  const api = { [`POST /v1/alerts/${id}/mute`]: { body: { ...alert, mutedUntil: "2026-11-21T14:00:00.000Z" } } }
  const { out, calls } = await runFake({ args: ["alerts", "mute", id, "--for", "2h"], api })
  expect(calls[0]?.body).toEqual({ forMs: 7_200_000 })
  expect(out).toBe(`${id} is muted until 2026-11-21T14:00:00.000Z.`)
})

test("alerts test fails with what the channel answered", async () => {
  const body = (delivered: boolean, error: string | null) => ({ object: "channel_test", channel: "team", delivered, error })
  const tried = (answer: object) =>
    runFake({ args: ["alerts", "test", "team"], api: { "POST /v1/alert-channels/team/test": { body: answer } } })
  expect(await tried(body(true, null))).toMatchObject({ code: 0, out: "team took it." })
  expect(await tried(body(false, "It answered 404"))).toMatchObject({ code: 1, out: "team did not take it: It answered 404" })
})
