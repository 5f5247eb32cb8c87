import { sampleProcess } from "@sluice/core/testing"
import { createProcesses } from "@sluice/engine"
import { createProcessControl } from "@sluice/redis"
import { describe, expect, test, vi } from "vitest"
import { startMemoryApi } from "./support/memory-api.ts"
import { openRedis } from "./support/open-redis.ts"

const put = (body: object) => ({
  method: "PUT",
  path: "/v1/log-level",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
})
const profile = (id: string, body: object) => ({
  method: "POST",
  path: `/v1/processes/${id}/profiles`,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
})

describe("/v1/log-level", () => {
  test("is ordered for a while and taken back, which is in the audit log", async () => {
    const { call, processControl } = await startMemoryApi()
    expect((await call({ path: "/v1/log-level" })).json).toEqual({ object: "log_level", override: null })
    const { status, json } = await call(put({ level: "debug", of: "worker", forMs: 60_000 }))
    expect([status, json]).toMatchObject([200, { override: { level: "debug", of: "worker", by: "admin" } }])
    expect((await processControl.report(sampleProcess())).logLevel).toMatchObject({ level: "debug", by: "admin" })
    expect((await call({ path: "/v1/log-level" })).json).toEqual(json)
    expect((await call({ method: "DELETE", path: "/v1/log-level" })).json).toEqual({ object: "log_level", override: null })
    const { data } = (await call({ path: "/v1/audit" })).json
    expect(data.map(({ action }: { action: string }) => action)).toEqual(["log_level.reset", "log_level.set"])
  })

  test.each([
    [{ level: "loud" }, "#/level"],
    [{ level: "debug", of: "dashboard" }, "#/of"],
    [{ level: "debug", forMs: 86_400_001 }, "#/forMs"],
    [{}, "#/level"],
  ])("%j is refused", async (body, pointer) => {
    const { call } = await startMemoryApi()
    expect(await call(put(body))).toMatchObject({ status: 400, json: { errors: [{ pointer }] } })
  })
})

describe("/v1/processes", () => {
  test("lists those that run", async () => {
    const { call, processControl } = await startMemoryApi()
    await processControl.report(sampleProcess({ id: "host-1-a", logLevel: "debug" }))
    expect((await call({ path: "/v1/processes" })).json.data).toMatchObject([
      { id: "host-1-a", object: "process", kind: "worker", logLevel: "debug", configuredLogLevel: "info" },
    ])
  })

  test("a profile is answered with its file once it is written, and with the reason when it is not", async () => {
    const { call, processControl } = await startMemoryApi()
    await processControl.report(sampleProcess({ id: "host-1-a" }))
    const answerWith = async (outcome: Parameters<typeof processControl.answerProfile>[1]) => {
      const order = await vi.waitFor(async () => {
        const { profile: found } = await processControl.report(sampleProcess({ id: "host-1-a" }))
        if (!found) throw new Error("no order yet")
        return found
      })
      await processControl.answerProfile(order.id, outcome)
      return order
    }
    const asking = call(profile("host-1-a", { kind: "cpu", durationMs: 500 }))
    expect(await answerWith({ kind: "written", file: "/p/a.cpuprofile", bytes: 7 })).toMatchObject({ kind: "cpu", durationMs: 500 })
    expect(await asking).toMatchObject({ status: 200, json: { object: "profile", file: "/p/a.cpuprofile", bytes: 7 } })

    const refused = call(profile("host-1-a", { kind: "heap" }))
    await answerWith({ kind: "refused", reason: "The process is making another profile." })
    expect(await refused).toMatchObject({ status: 409, json: { detail: "The process is making another profile." } })
    expect(await call(profile("host-2-b", { kind: "heap" }))).toMatchObject({ status: 404 })
    expect(await call(profile("host-1-a", { kind: "heap", durationMs: 60_001 }))).toMatchObject({ status: 400 })
  })

  test("says so when Redis does not answer", async () => {
    const redis = await openRedis()
    const processes = createProcesses({ control: createProcessControl({ redis }), clock: () => new Date() })
    const api = await startMemoryApi({ app: { processes } })
    expect(await api.call({ path: "/v1/processes" })).toMatchObject({ status: 200 })
    await redis.close()
    expect(await api.call({ path: "/v1/processes" })).toMatchObject({ status: 503 })
  })
})
