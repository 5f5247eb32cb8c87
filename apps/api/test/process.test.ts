import { connectStore } from "@sluice/store"
import { describe, expect, inject, onTestFinished, test } from "vitest"
import { mongodbUrl, startApiProcess, workingEnvironment } from "./support/api-process.ts"
import { call } from "./support/call.ts"
import { newCaller } from "./support/caller.ts"
import { chatJob } from "./support/memory-api.ts"
import { startTcpGate } from "./support/tcp-gate.ts"

/** Ports on which nothing listens. */
const noRedis = "redis://127.0.0.1:1"
const noMongodb = "mongodb://127.0.0.1:1/none"

describe("a start that cannot succeed", () => {
  test.each<[string, Record<string, string>, number, RegExp]>([
    ["without a key", { SLUICE_ADMIN_KEY: "" }, 2, /SLUICE_ADMIN_KEY/],
    ["with a key to be made on a public address", { SLUICE_ADMIN_KEY: "", SLUICE_DEV: "1", HOST: "0.0.0.0" }, 2, /HOST is 0\.0\.0\.0/],
    ["without its configuration", { SLUICE_CONFIG: "/nowhere/sluice.yaml" }, 2, /\/nowhere\/sluice\.yaml/],
    ["with a wrong environment", { PORT: "http" }, 2, /PORT/],
  ])("%s ends with a line that says what to do", async (_what, overrides, code, message) => {
    const api = startApiProcess({ ...(await workingEnvironment()), ...overrides })
    expect(await api.exited).toBe(code)
    expect(api.stderr.join("\n")).toMatch(message)
  })

  test.each<[string, Record<string, string>, RegExp]>([
    ["with a port that is taken", { PORT: new URL(inject("redisUrl")).port }, /set PORT/],
    ["with a URL of MongoDB that cannot be one", { MONGODB_URL: "mongodb://user:hunter2@host:port/x" }, /MongoDB URL cannot be used/],
  ])("%s ends with 1 and says why in its log", async (_what, overrides, message) => {
    const api = startApiProcess({ ...(await workingEnvironment()), ...overrides })
    expect(await api.exited).toBe(1)
    expect(api.logs.filter(({ level }) => level === "fatal")).toMatchObject([{ err: { message: expect.stringMatching(message) } }])
    expect(JSON.stringify([api.logs, api.stderr])).not.toContain("hunter2")
  })
})

describe("SLUICE_DEV", () => {
  test("makes a key, tells it beside the log, and takes it", async () => {
    const api = startApiProcess({ ...(await workingEnvironment()), SLUICE_ADMIN_KEY: "", SLUICE_DEV: "1" })
    const url = await api.ready()
    const told = api.stderr.find((line) => line.includes("sk_")) ?? ""
    const made = /sk_[\w-]+/.exec(told)?.[0] ?? ""
    expect(await call(url, { path: "/v1/jobs", headers: { authorization: `Bearer ${made}` } })).toMatchObject({ status: 200 })
    expect(JSON.stringify(api.logs)).not.toContain(made)
  })
})

describe("without services", () => {
  test("serves and refuses jobs until MongoDB appears, then accepts them", async () => {
    const real = mongodbUrl()
    const gate = await startTcpGate({ host: real.hostname, port: Number(real.port) })
    const behindGate = new URL(real)
    behindGate.host = `127.0.0.1:${gate.port}`
    const api = startApiProcess({ ...(await workingEnvironment()), MONGODB_URL: behindGate.href })
    const url = await api.ready()
    expect((await call(url, { path: "/health/live" })).status).toBe(200)
    expect(await call(url, { path: "/health/ready" })).toMatchObject({ status: 503, json: { checks: { mongodb: { status: "failed" } } } })
    expect(await newCaller(url).submit(chatJob)).toMatchObject({
      status: 503,
      json: { code: "storage_unavailable" },
      headers: { "retry-after": expect.any(String) },
    })
    gate.open()
    await expect.poll(async () => (await call(url, { path: "/health/ready" })).status, { timeout: 30_000 }).toBe(200)
    expect((await newCaller(url).submit(chatJob)).status).toBe(202)
  })

  test("accepts jobs without Redis, and leaves them to a sweep", async () => {
    const api = startApiProcess({ ...(await workingEnvironment()), REDIS_URL: noRedis })
    const url = await api.ready()
    const caller = newCaller(url)
    const answer = await caller.submit(chatJob)
    expect(answer.status).toBe(202)
    expect(await call(url, { path: "/health/ready" })).toMatchObject({ status: 200, json: { checks: { redis: { status: "failed" } } } })
    const store = await connectStore({ url: mongodbUrl().href })
    onTestFinished(() => store.close())
    expect(await store.jobs.find({ tenantId: caller.tenantId, id: answer.json.id })).toMatchObject({ enqueueDueAt: expect.any(Date) })
  })

  test("is up and refuses jobs with neither", async () => {
    const api = startApiProcess({ ...(await workingEnvironment()), REDIS_URL: noRedis, MONGODB_URL: noMongodb })
    const url = await api.ready()
    expect((await newCaller(url).submit(chatJob)).status).toBe(503)
    api.child.kill("SIGTERM")
    expect(await api.exited).toBe(0)
  })
})

describe("SIGTERM", () => {
  test("answers who waits, and ends with 0, however often it comes", async () => {
    const api = startApiProcess(await workingEnvironment())
    const url = await api.ready()
    const caller = newCaller(url)
    const { json } = await caller.submit(chatJob)
    const answering = Promise.all([caller.submit(chatJob, { prefer: "wait=60" }), caller.call({ path: `/v1/jobs/${json.id}?wait=60` })])
    await expect.poll(async () => (await caller.call({ path: "/v1/jobs" })).json.data.length).toBe(2)
    for (let times = 0; times < 3; times += 1) api.child.kill("SIGTERM")
    expect(await answering).toMatchObject([
      { status: 202, headers: { connection: "close" } },
      { status: 200, json: { status: "queued" } },
    ])
    expect(await api.exited).toBe(0)
    expect(api.logs.at(-1)).toMatchObject({ msg: "stopped", exitCode: 0 })
  })
})
