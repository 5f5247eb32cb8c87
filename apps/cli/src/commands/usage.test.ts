import { expect, test } from "vitest"
import { runFake } from "../testing/run-fake.ts"

const figures = {
  jobs: 1_240,
  degradedJobs: 0,
  cachedJobs: 0,
  calls: 1_310,
  unpricedCalls: 3,
  inputTokens: 510_880,
  cachedInputTokens: 61_440,
  outputTokens: 119_040,
  images: 0,
  costUsd: 1.5,
}
const body = {
  object: "usage",
  from: "2026-11-20",
  to: "2026-11-21",
  groupBy: ["day"],
  asOf: "2026-11-21T12:00:00.000Z",
  data: [{ group: { day: "2026-11-20" }, ...figures }],
  total: figures,
}
const api = { "GET /v1/usage": { body } }

test("usage shows what was used and what it cost, by what was asked for", async () => {
  const { code, out, notes, calls } = await runFake({ args: ["usage", "--from", "2026-11-20", "--by", "day", "--route", "chat"], api })
  expect(code).toBe(0)
  expect(calls[0]?.query).toEqual({ groupBy: "day", from: "2026-11-20", route: "chat" })
  expect(out).toMatchInlineSnapshot(`
    "DAY          JOBS  CALLS       IN  CACHED      OUT  IMAGES   COST
    2026-11-20  1,240  1,310  510,880  61,440  119,040       0  $1.50"
  `)
  expect(notes).toBe("1240 jobs and 1310 calls cost $1.50 in all, 3 calls of models without a known price not counted.")
})

test("usage prints CSV and JSON", async () => {
  const { out } = await runFake({ args: ["usage", "--csv"], api })
  expect(out.split("\r\n")[1]).toBe("2026-11-20,1240,0,0,1310,3,510880,61440,119040,0,1.5")
  expect(JSON.parse((await runFake({ args: ["--json", "usage"], api })).out)).toEqual(body)
})

test("usage refuses what it cannot group by", async () => {
  expect(await runFake({ args: ["usage", "--by", "colour"], api })).toMatchObject({ code: 2 })
})
