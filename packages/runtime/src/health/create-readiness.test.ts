import { describe, expect, test, vi } from "vitest"
import { createReadiness } from "./create-readiness.ts"

const well = async () => ({ latencyMs: 2 })

describe("createReadiness", () => {
  test("is ready when every check is", async () => {
    const readiness = createReadiness({ timeoutMs: 60_000, checks: { redis: well, mongodb: async () => ({ latencyMs: 5 }) } })
    expect(await readiness.check()).toEqual({
      ok: true,
      checks: { redis: { ok: true, latencyMs: 2, error: null }, mongodb: { ok: true, latencyMs: 5, error: null } },
    })
  })

  test("says which check failed and why, without the password", async () => {
    const mongodb = () => Promise.reject(new Error("connect mongodb://u:hunter2@db refused"))
    const readiness = createReadiness({ timeoutMs: 60_000, checks: { redis: well, mongodb } })
    expect(await readiness.check()).toMatchObject({
      ok: false,
      checks: { redis: { ok: true }, mongodb: { ok: false, latencyMs: null, error: "connect mongodb://[redacted]@db refused" } },
    })
  })

  test("does not wait for a check that hangs, and tells it to stop", async () => {
    let given: AbortSignal | null = null
    const hangs = (signal: AbortSignal) => {
      given = signal
      return new Promise<never>(() => undefined)
    }
    const readiness = createReadiness({ timeoutMs: 5, checks: { hangs, well } })
    expect(await readiness.check()).toEqual({
      ok: false,
      checks: {
        hangs: { ok: false, latencyMs: null, error: "The check of hangs took longer than 5 ms." },
        well: { ok: true, latencyMs: 2, error: null },
      },
    })
    expect(given).toMatchObject({ aborted: true })
  })

  test("an answer serves all who ask meanwhile, and for a while after", async () => {
    const clock = { ms: 5_000 }
    const redis = vi.fn(well).mockRejectedValueOnce(new Error("down"))
    const readiness = createReadiness({ timeoutMs: 60_000, cacheMs: 100, now: () => clock.ms, checks: { redis } })
    const answers = await Promise.all([readiness.check(), readiness.check()])
    clock.ms = 5_099
    answers.push(await readiness.check())
    expect(answers.map(({ ok }) => ok)).toEqual([false, false, false])
    expect(redis).toHaveBeenCalledOnce()
    clock.ms = 5_100
    expect(await readiness.check()).toMatchObject({ ok: true })
    expect(redis).toHaveBeenCalledTimes(2)
  })
})
