import { describe, expect, test } from "vitest"
import { runFake } from "../../testing/run-fake.ts"
import { sampleDeadLetter, sampleReplay } from "../../testing/samples.ts"

const plan = (matched: number) => ({ body: sampleReplay({ id: null, status: "dry_run", matched }) })
const started = { status: 202, body: sampleReplay() }
const ended = { body: sampleReplay({ status: "completed", requeued: 5_000, succeeded: 4_997, failed: 3 }) }
const replayPath = "POST /v1/dead-letters/replay"

describe("replay", () => {
  test("counts first, asks, and shows how it ended", async () => {
    const api = { [replayPath]: [plan(5_000), started], "GET /v1/replays/rpl_1": ended }
    const { code, out, calls, questions } = await runFake({ args: ["dead-letters", "replay", "--error-type", "timeout"], api, says: "y" })
    expect(questions).toEqual(["This will replay 5,000 dead letters, 50 a second. Go on? [y/N] "])
    expect(calls.map(({ body }) => body).slice(0, 2)).toEqual([
      { filter: { errorType: "timeout" }, dryRun: true },
      { filter: { errorType: "timeout" } },
    ])
    expect(out).toBe("rpl_1 completed: 5,000 of 5,000 requeued, 4,997 succeeded, 3 failed")
    expect(code).toBe(1)
  })

  test.each(["n", "", "yes please"])("changes nothing when the answer is %j", async (says) => {
    const { code, calls } = await runFake({ args: ["dead-letters", "replay", "--all"], api: { [replayPath]: plan(11) }, says })
    expect(calls.map(({ body }) => body)).toEqual([{ filter: { state: "open" }, dryRun: true }])
    expect(code).toBe(1)
  })

  test("does not ask for a few, nor with --yes", async () => {
    for (const [matched, args] of [[10, []] as const, [5_000, ["--yes"]] as const]) {
      const api = { [replayPath]: [plan(matched), started] }
      const { code, calls, out } = await runFake({ args: ["dead-letters", "replay", "--all", "--detach", ...args], api })
      expect({ code, out, count: calls.length }).toEqual({ code: 0, out: "rpl_1", count: 2 })
    }
  })

  test("refuses much where nobody can be asked", async () => {
    const { code, notes, calls } = await runFake({ args: ["dead-letters", "replay", "--all"], api: { [replayPath]: plan(11) } })
    expect(notes).toBe("This would replay 11 dead letters, 50 a second. Add --yes to do it, or --dry-run to only count.")
    expect({ code, count: calls.length }).toEqual({ code: 2, count: 1 })
  })

  test("--dry-run only counts; overrides and the pace go along", async () => {
    const args = [
      "dead-letters",
      "replay",
      "dl_1",
      "dl_2",
      "--dry-run",
      "--to-route",
      "other",
      "--on-endpoint",
      "azure-us",
      "--per-second",
      "200",
    ]
    const { code, out, calls } = await runFake({ args, api: { [replayPath]: plan(2) } })
    expect(calls.map(({ body }) => body)).toEqual([
      { ids: ["dl_1", "dl_2"], dryRun: true, perSecond: 200, overrides: { route: "other", endpoint: "azure-us" } },
    ])
    expect({ code, out }).toEqual({ code: 0, out: "2 dead letters would be replayed." })
  })

  test.each([
    [[], "Say which: ids, filters such as --error-type timeout, or --all"],
    [["dl_1", "--all"], "not by several of them"],
    [["--all", "--route", "chat"], "not by several of them"],
  ])("%j selects nothing that could be meant", async (args, words) => {
    const { code, notes, calls } = await runFake({ args: ["dead-letters", "replay", ...args] })
    expect({ code, calls }).toEqual({ code: 2, calls: [] })
    expect(notes).toContain(words)
  })
})

describe("discard", () => {
  const discardPath = "POST /v1/dead-letters/discard"

  test("counts, asks, and gives the reason", async () => {
    const api = { [replayPath]: plan(12), [discardPath]: { body: { discarded: 12, hint: null } } }
    const args = ["dead-letters", "discard", "--route", "chat", "--reason", "bad prompt"]
    const { code, out, calls, questions } = await runFake({ args, api, says: "y" })
    expect(questions).toEqual(["This will discard 12 dead letters. Go on? [y/N] "])
    expect(calls[1]).toMatchObject({ call: discardPath, body: { filter: { route: "chat" }, reason: "bad prompt" } })
    expect({ code, out }).toEqual({ code: 0, out: "12 dead letters discarded." })
  })

  test("--dry-run discards nothing", async () => {
    const { calls, out } = await runFake({
      args: ["dead-letters", "discard", "--all", "--reason", "x", "--dry-run"],
      api: { [replayPath]: plan(3) },
    })
    expect(calls.map(({ call }) => call)).toEqual([replayPath])
    expect(out).toBe("3 dead letters would be discarded.")
  })

  test("wants a reason", async () => {
    expect(await runFake({ args: ["dead-letters", "discard", "--all"] })).toMatchObject({ code: 2, calls: [] })
  })
})

test("list, summary and show", async () => {
  const listed = await runFake({
    args: ["dead-letters", "list", "--state", "open", "--after", "1d", "--metadata", "a=1"],
    api: { "GET /v1/dead-letters": { body: { data: [sampleDeadLetter()], nextCursor: null } } },
    columns: 100,
  })
  expect(listed.calls[0]?.query).toEqual({ state: "open", createdAfter: "2026-11-20T12:00:00.000Z", "metadata.a": "1", limit: "21" })
  expect(listed.out).toMatchInlineSnapshot(`
    "DEAD LETTER                          STATE  DIED     ROUTE  ENDPOINT  CAUSE
    dl_01993f0ac1d27c4e8b60a1b2c3d4e5f6  open   3 h ago  chat   azure-us  context_length: azure-us: the…"
  `)
  const summary = {
    object: "dead_letter_summary",
    by: "errorType",
    total: 1_203,
    data: [
      { key: "timeout", count: 1_200 },
      { key: null, count: 3 },
    ],
  }
  const counted = await runFake({ args: ["dead-letters", "summary"], api: { "GET /v1/dead-letters/summary": { body: summary } } })
  expect(counted.out).toMatchInlineSnapshot(`
    "COUNT  CAUSE
    1,200  timeout
        3  (none)
    1,203 dead letters"
  `)
  const groups = {
    object: "dead_letter_groups",
    total: 5,
    isComplete: true,
    data: [
      {
        ...{ kind: "job", errorType: "timeout", route: "chat", endpoint: "azure-us", count: 4 },
        ...{ oldestAt: "2026-11-21T09:00:00.000Z", newestAt: "2026-11-21T11:00:00.000Z", filter: { errorType: "timeout" } },
        sample: { id: "dl_1", jobId: "job_1", message: "azure-us: no answer", httpStatus: null },
      },
      {
        ...{ kind: "job", errorType: "deadline_exceeded", route: "chat", endpoint: null, count: 1 },
        ...{ oldestAt: "2026-11-21T09:00:00.000Z", newestAt: "2026-11-21T09:00:00.000Z", filter: { endpoint: null }, sample: null },
      },
    ],
  }
  const grouped = await runFake({
    args: ["dead-letters", "groups", "--endpoint", "-"],
    api: { "GET /v1/dead-letters/groups": { body: groups } },
    columns: 100,
  })
  expect(grouped.calls[0]?.query).toEqual({ endpoint: "-" })
  expect(grouped.out).toMatchInlineSnapshot(`
    "COUNT  CAUSE              ROUTE  ENDPOINT  LAST     SAMPLE
        4  timeout            chat   azure-us  1 h ago  azure-us: no answer
        1  deadline_exceeded  chat   -         3 h ago
    5 dead letters"
  `)
  const shown = await runFake({
    args: ["dead-letters", "show", "dl_1"],
    api: { "GET /v1/dead-letters/dl_1": { body: sampleDeadLetter() } },
  })
  expect(shown.out).toMatchInlineSnapshot(`
    "dl_01993f0ac1d27c4e8b60a1b2c3d4e5f6  open
      of          job_01993f0ac1d27c4e8b60a1b2c3d4e5f6
      route       chat
      endpoint    azure-us
      cause       context_length: azure-us: the input is too long.
      calls       3
      died        3 h ago
      kept until  2027-02-19T09:00:00.000Z"
  `)
})
