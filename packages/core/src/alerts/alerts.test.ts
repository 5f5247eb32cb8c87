import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { sampleAlert } from "../testing/sample-alert.ts"
import type { Alert, Finding } from "./alert.ts"
import { alertRulesOf } from "./alert-rule.ts"
import { beginTry, endTry } from "./notice.ts"
import { type Observation, observeAlert } from "./observe-alert.ts"

const t0 = Date.parse("2026-01-01T00:00:00.000Z")
const at = (ms: number) => new Date(t0 + ms)
const minuteMs = 60_000

const finding: Finding = { subject: "endpoint eu", labels: {}, value: 1, summary: "It is broken.", advice: "Mend it.", path: "/dashboard" }
const rule: Observation["rule"] = {
  ...{ name: "breaker_open", when: "breaker_open", severity: "ticket", channels: ["team", "night"] },
  ...{ forMs: 5 * minuteMs, clearMs: minuteMs, repeatMs: 60 * minuteMs },
}

let ids = 0
const observation = (ms: number, found: Finding | null) => ({
  ...{ rule, finding: found, at: at(ms) },
  newAlertId: () => `alt_${++ids}`,
  newNoticeId: () => `evt_${++ids}`,
})

/** What becomes of it by looks at these minutes, at each of which the condition holds or not. */
function watched(looks: readonly (readonly [minute: number, holds: boolean])[]): { alert: Alert | null; history: Alert[] } {
  let alert: Alert | null = null
  const history: Alert[] = []
  for (const [minute, holds] of looks) {
    const change = observeAlert(alert, observation(minute * minuteMs, holds ? finding : null))
    if (change.kind === "remove") alert = null
    else if (change.kind !== "none") alert = change.alert
    if (alert?.state === "resolved") {
      history.push(alert)
      alert = null
    }
  }
  return { alert, history }
}
const told = (alert: Alert | null | undefined) => alert?.notices.map(({ channel, event }) => `${channel} ${event}`)

describe("an alert", () => {
  test("fires when its condition has held for long enough, and is told to every channel of its rule once", () => {
    expect(watched([[0, true]]).alert).toMatchObject({ state: "pending", since: at(0), firedAt: null, notices: [] })
    const { alert } = watched([
      [0, true],
      [4, true],
      [5, true],
      [6, true],
      [20, true],
    ])
    expect(alert).toMatchObject({ state: "firing", firedAt: at(5 * minuteMs) })
    expect(told(alert)).toEqual(["team firing", "night firing"])
  })

  test("that was gone before it fired leaves nothing", () => {
    expect(
      watched([
        [0, true],
        [3, false],
      ]),
    ).toEqual({ alert: null, history: [] })
    expect(
      watched([
        [0, true],
        [3, false],
        [4, true],
        [6, true],
      ]).alert,
    ).toMatchObject({ state: "pending", since: at(4 * minuteMs) })
  })

  test("is over when the condition has been gone for a while, and those who were told are told so", () => {
    const { alert, history } = watched([
      [0, true],
      [5, true],
      [6, false],
      [6.5, true],
      [7, false],
      [7.5, false],
      [8, false],
      [9, false],
    ])
    expect(alert).toBeNull()
    expect(history).toHaveLength(1)
    expect(history[0]).toMatchObject({ state: "resolved", resolvedAt: at(8 * minuteMs) })
    expect(told(history[0])).toEqual(["team firing", "night firing", "team resolved", "night resolved"])
  })

  test("is told again while it lasts, but not to a channel that has not taken the last message, nor while it is muted", () => {
    const fired = watched([
      [0, true],
      [5, true],
    ]).alert
    if (!fired) throw new Error("It did not fire")
    const [team] = fired.notices
    const sent = endTry(beginTry(fired, team?.id ?? "", at(5 * minuteMs)), team?.id ?? "", { result: { ok: true }, at: at(5 * minuteMs) })
    const later = observeAlert(sent, observation(66 * minuteMs, finding))
    expect(later.kind === "replace" && told(later.alert)).toEqual(["team firing", "night firing", "team reminder"])
    const muted = observeAlert({ ...sent, mutedUntil: at(70 * minuteMs) }, observation(66 * minuteMs, finding))
    expect(muted.kind === "replace" && told(muted.alert)).toEqual(["team firing", "night firing"])
  })

  test("that is over before a channel could be told sends it one message, not two", () => {
    const { history } = watched([
      [0, true],
      [5, true],
      [6, false],
      [8, false],
    ])
    const due = history[0]?.notices.filter(({ nextTryAt }) => nextTryAt !== null)
    expect(due?.map(({ channel, event }) => `${channel} ${event}`)).toEqual(["team resolved", "night resolved"])
  })

  test("never fires twice at a time, nor ends without having fired, whatever is seen when", () => {
    const looks = fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.boolean()), { maxLength: 60 })
    fc.assert(
      fc.property(looks, (steps) => {
        const pauses = steps.map(([pause]) => pause / 60)
        const { alert, history } = watched(
          steps.map(([, holds], index) => [pauses.slice(0, index + 1).reduce((sum, pause) => sum + pause, 0), holds] as const),
        )
        for (const each of [...history, ...(alert ? [alert] : [])]) expectSound(each)
      }),
    )
  })
})

function expectSound({ state, since, firedAt, notices }: Alert): void {
  expect(notices.filter(({ event, channel }) => event === "firing" && channel === "team").length).toBe(firedAt === null ? 0 : 1)
  if (state === "pending") expect(notices).toEqual([])
  if (state === "resolved") expect(firedAt).not.toBeNull()
  if (firedAt) expect(firedAt.getTime() - since.getTime()).toBeGreaterThanOrEqual(rule.forMs)
}

describe("a message", () => {
  const alert = sampleAlert()
  const failed = { ok: false, error: "It answered 500", retryAfterMs: null } as const
  const only = ({ notices }: Alert) => notices[0]

  test("is tried again after a time that doubles, up to ten minutes, and given up after a day", () => {
    let now = alert
    let clockMs = t0
    const pauses: number[] = []
    for (let tries = 0; only(now)?.nextTryAt; tries += 1) {
      if (tries > 400) throw new Error("It is never given up")
      clockMs = only(now)?.nextTryAt?.getTime() ?? 0
      now = endTry(beginTry(now, "evt_1", new Date(clockMs)), "evt_1", { result: failed, at: new Date(clockMs) })
      pauses.push((only(now)?.nextTryAt?.getTime() ?? clockMs) - clockMs)
    }
    expect(pauses.slice(0, 9)).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 600_000, 600_000])
    expect(clockMs - t0).toBeGreaterThan(85_000_000)
    expect(only(now)).toMatchObject({ sentAt: null, nextTryAt: null, error: "It answered 500" })
  })

  test("waits for as long as the channel asks", () => {
    const result = { ...failed, retryAfterMs: 30_000 }
    expect(only(endTry(beginTry(alert, "evt_1", at(0)), "evt_1", { result, at: at(0) }))?.nextTryAt).toEqual(at(30_000))
  })

  test("whose process died in the middle of a try is tried again by the next", () => {
    expect(only(beginTry(alert, "evt_1", at(0)))).toMatchObject({ tries: 1, nextTryAt: at(5_000), sentAt: null })
  })
})

describe("the rules in force", () => {
  const channels = { team: { type: "stdout" }, night: { type: "stdout" } } as const
  const base = { clearMs: 60_000, repeatMs: 3_600_000 }

  test("are the standard ones where none are given, each with a name of its own, to all channels", () => {
    const rules = alertRulesOf({ channels, everyMs: 15_000 })
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length)
    expect(rules.map(({ name }) => name)).toContain("objective_burn_slow")
    for (const each of rules) expect(each.channels).toEqual(["team", "night"])
    expect(rules.find(({ name }) => name === "objective_burn_slow")).toMatchObject({ pace: "slow", severity: "ticket" })
  })

  test("are those that are given, and no others", () => {
    const rules = [{ when: "breaker_open", ...base, channels: ["night"], severity: "page", forMs: 0 }] as const
    expect(
      alertRulesOf({ rules: [...rules].map((each) => ({ ...each, channels: [...each.channels] })), channels, everyMs: 15_000 }),
    ).toEqual([{ when: "breaker_open", name: "breaker_open", severity: "page", forMs: 0, ...base, channels: ["night"] }])
  })
})
