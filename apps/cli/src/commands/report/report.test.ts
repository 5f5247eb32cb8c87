import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { runFake } from "../../testing/run-fake.ts"

const since = "2026-11-14T12:00:00.000Z"
const rates = { "5m": 0, "30m": 0, "1h": 0, "6h": 0, "3d": 0 }
const availability = {
  ...{ name: "availability", target: 0.99, limitMs: null, actual: 0.98, p99Ms: null, events: 100, bad: 2, met: false, budgetLeft: -1 },
  burnRates: rates,
}
const latency = {
  ...{ name: "latency", target: 0.99, limitMs: 60_000, actual: null, p99Ms: null, events: 0, bad: 0, met: null, budgetLeft: null },
  burnRates: rates,
}
const chat = {
  ...{ jobs: { succeeded: 98, failed: 1, cancelled: 0, expired: 1 }, tiers: { primary: 90, fallback: 8 }, tokens: 9 },
  ...{ errors: { timeout: 1, deadline_exceeded: 1 }, latencyMs: { p50: 900, p95: 4_000, p99: 9_000 }, objectives: [availability, latency] },
}
const figures = {
  ...{ jobs: 98, degradedJobs: 8, cachedJobs: 0, calls: 104, unpricedCalls: 2, inputTokens: 12_000, cachedInputTokens: 0 },
  ...{ outputTokens: 3_000, images: 0, costUsd: 1.25 },
}
const breaker = {
  ...{ state: "closed", forced: null, openUntil: null, trips: 0 },
  history: [
    { at: "2026-11-10T00:00:00.000Z", state: "open", by: null },
    { at: "2026-11-10T00:01:00.000Z", state: "closed", by: null },
    { at: "2026-11-20T10:00:00.000Z", state: "open", by: null },
    { at: "2026-11-20T10:00:30.000Z", state: "half_open", by: null },
    { at: "2026-11-20T10:00:31.000Z", state: "open", by: null },
    { at: "2026-11-20T10:02:00.000Z", state: "closed", by: null },
  ],
}
const alert = { severity: "page", firedAt: "2026-11-20T10:00:00.000Z", resolvedAt: null, summary: "chat | <b>fails</b>" }
const api = {
  "GET /v1/slo": {
    body: {
      object: "slo",
      window: "7d",
      from: since,
      asOf: since,
      data: [
        { route: null, ...chat },
        { route: "chat", ...chat },
      ],
    },
  },
  "GET /v1/usage": {
    body: {
      object: "usage",
      from: "2026-11-14",
      to: "2026-11-21",
      groupBy: [],
      asOf: since,
      data: [{ group: { route: "chat", model: "m_1" }, ...figures }],
      total: figures,
    },
  },
  "GET /v1/alerts": { body: { data: [alert], nextCursor: null } },
  "GET /v1/endpoints": { body: { data: [{ name: "eu", breaker }], nextCursor: null } },
  "GET /v1/dead-letters/summary": {
    body: { object: "dead_letter_summary", by: "errorType", total: 2, data: [{ key: "timeout", count: 2 }] },
  },
}

test("report tells a week in Markdown", async () => {
  const { code, out, calls } = await runFake({ args: ["report"], api })
  expect(code).toBe(0)
  expect(calls.find(({ call }) => call === "GET /v1/slo")?.query).toEqual({ window: "7d" })
  expect(calls.find(({ call }) => call === "GET /v1/alerts")?.query).toMatchObject({ since })
  expect(out).toMatchInlineSnapshot(`
    "# Sluice, 2026-11-14 12:00 UTC to 2026-11-21 12:00 UTC

    98 jobs were answered, 2 failed or expired. Calls cost $1.25. 1 alert fired. Missed: availability of chat.

    ## Objectives

    | Route | Objective | Target | Reached | Bad | Budget left | Met |
    | --- | --- | --- | --- | --- | --- | --- |
    | all | availability | 99 % | 98 % | 2 of 100 | -100 % | no |
    | all | latency | 99 % within 1 min | - | none happened | - | - |
    | chat | availability | 99 % | 98 % | 2 of 100 | -100 % | no |
    | chat | latency | 99 % within 1 min | - | none happened | - | - |

    ## Incidents

    ### Alerts

    | Fired | For | Severity | What |
    | --- | --- | --- | --- |
    | 2026-11-20 10:00 UTC | still | page | chat \\| \\<b\\>fails\\</b\\> |

    ### Breakers that opened

    | Opened | For | Endpoint | By |
    | --- | --- | --- | --- |
    | 2026-11-20 10:00 UTC | 2 min | eu | itself |

    ## Jobs and tiers

    | Route | Answered | Failed | Expired | Cancelled | Answers by tier |
    | --- | --- | --- | --- | --- | --- |
    | chat | 98 | 1 | 1 | 0 | primary 91.84 %, fallback 8.16 % |

    ## Top errors

    | Error | Route | Jobs |
    | --- | --- | --- |
    | timeout | chat | 1 |
    | deadline\\_exceeded | chat | 1 |

    ## Slowest

    | Route | p50 | p95 | p99 |
    | --- | --- | --- | --- |
    | chat | 900 ms | 4.0 s | 9.0 s |

    ## Cost by route and model

    Whole days from 2026-11-14 to 2026-11-21.

    | Route | Model | Calls | Tokens in | Tokens out | Cost |
    | --- | --- | --- | --- | --- | --- |
    | chat | m\\_1 | 104 | 12,000 | 3,000 | $1.25 |

    2 calls of models without a known price are not in it.

    ## Dead letters

    Open by now, of the tenant that the key acts for.

    | Error | Open |
    | --- | --- |
    | timeout | 2 |"
  `)
})

test("report goes to a file, as JSON too", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-report-"))
  onTestFinished(() => rm(folder, { recursive: true }))
  const { notes, out } = await runFake({ args: ["report", "--since", "1d", "-o", "report.md"], api, folder })
  expect([out, notes]).toEqual(["", "The report is in report.md."])
  expect(await readFile(join(folder, "report.md"), "utf8")).toMatch(/^# Sluice, 2026-11-14 12:00 UTC to 2026-11-21 12:00 UTC\n\n98 jobs/)
  await runFake({ args: ["--json", "report", "-o", "report.json"], api, folder })
  expect(JSON.parse(await readFile(join(folder, "report.json"), "utf8"))).toMatchObject({
    object: "report",
    breakerOpenings: [{ endpoint: "eu" }],
  })
  expect(await runFake({ args: ["report", "-o", "no/such/folder.md"], api, folder })).toMatchObject({ code: 2 })
  expect(await runFake({ args: ["report", "--since", "2w"], api })).toMatchObject({ code: 2 })
})

const refusal = {
  ...{ type: "/problems/scope_missing", code: "scope_missing", title: "The key may not do this", status: 403, instance: "/v1/alerts" },
  ...{ requestId: "req_1", retryable: false, errors: [] },
}

test("report leaves out what the key may not see, and says so", async () => {
  const forbidden = { status: 403, body: { ...refusal, detail: "The key lacks operate:read." } }
  const { code, out } = await runFake({ args: ["report"], api: { ...api, "GET /v1/alerts": forbidden, "GET /v1/endpoints": forbidden } })
  expect(code).toBe(0)
  expect(out.match(/Not shown: the key may not see it/g)).toHaveLength(2)
})
