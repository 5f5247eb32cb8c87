import { expect, test } from "vitest"
import { createApiReadiness } from "./api-readiness.ts"

function setUp() {
  const state = { mongodb: true, redis: true }
  const lines: unknown[] = []
  const shutdown = new AbortController()
  const check = (name: "mongodb" | "redis") => () =>
    state[name] ? Promise.resolve({ latencyMs: 2 }) : Promise.reject(new Error(`${name} is away`))
  const log = (fields: unknown) => lines.push(fields)
  const readiness = createApiReadiness({
    required: { mongodb: check("mongodb") },
    helpful: { redis: check("redis") },
    signal: shutdown.signal,
    logger: { info: log, warn: log },
    cacheMs: 0,
  })
  return { readiness, state, lines, shutdown }
}

test("is ready with everything", async () => {
  const { readiness, lines } = setUp()
  expect(await readiness.check()).toMatchObject({ ok: true, checks: { mongodb: { ok: true, latencyMs: 2 }, redis: { ok: true } } })
  expect(lines).toEqual([])
})

test("is ready without Redis, which it tells", async () => {
  const { readiness, state } = setUp()
  state.redis = false
  expect(await readiness.check()).toMatchObject({ ok: true, checks: { redis: { ok: false, latencyMs: null } } })
})

test("is not ready without MongoDB, or while it shuts down", async () => {
  const { readiness, state, shutdown } = setUp()
  state.mongodb = false
  expect((await readiness.check()).ok).toBe(false)
  state.mongodb = true
  expect((await readiness.check()).ok).toBe(true)
  shutdown.abort()
  expect((await readiness.check()).ok).toBe(false)
})

test("logs each change once", async () => {
  const { readiness, state, lines } = setUp()
  state.mongodb = false
  await readiness.check()
  await readiness.check()
  state.mongodb = true
  await readiness.check()
  await readiness.check()
  expect(lines).toEqual([{ check: "mongodb", error: "mongodb is away" }, { check: "mongodb" }])
})
