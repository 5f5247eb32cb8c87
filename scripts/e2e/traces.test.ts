import { afterEach, describe, expect, inject, test, vi } from "vitest"
import { createInstallation, type Installation } from "./installation.ts"
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from "./otlp-receiver.ts"
import { type Receiver, startReceiver } from "./receiver.ts"

let installation: Installation | undefined
let collector: OtlpReceiver | undefined
let receiver: Receiver | undefined
afterEach(async () => {
  await installation?.close()
  await Promise.all([collector?.close(), receiver?.close()])
  installation = undefined
})

/** Two endpoints at one provider, which is scripted call by call; the first of them is always asked first. */
async function install(environment: Readonly<Record<string, string>> = {}) {
  const started = await startOtlpReceiver()
  const hooks = await startReceiver()
  const created = await createInstallation({
    redisUrl: inject("redisUrl"),
    mongodbUrl: inject("mongodbUrl"),
    endpoint: ", priority: 0, region: eu",
    endpoints: (url) => `  spare: { provider: openai, baseUrl: "${url}/v1", model: sim-2, apiKey: env:SIM_KEY, priority: 1 }`,
    chat: "tiers: [{ name: primary, endpoints: [sim, spare] }], retry: { overloaded: { delayMs: 300 } }",
    configuration: "webhooks: { scheduleMs: [0, 200, 500], timeoutMs: 5000 }",
    environment: { ...started.environment, SLUICE_WEBHOOK_ALLOW_PRIVATE: "1", ...environment },
    simulator: { latency: { baseMs: 20, jitterMs: 0 }, log: { capacity: 100, bodies: true } },
  })
  installation = created
  collector = started
  receiver = hooks
  await Promise.all([created.startApi(), created.startWorker()])
  return { current: created, collector: started, receiver: hooks }
}

const traceId = "0af7651916cd43dd8448eb211c80319c"
const caller = "b7ad6b7169203331"
const prompt = "the words of the caller"

async function submit({ request }: Installation, body: object, headers: Readonly<Record<string, string>> = {}) {
  const response = await request("/v1/jobs", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ route: "chat", input: { messages: [{ role: "user", content: prompt }] }, ...body }),
  })
  const { id }: { id: string } = JSON.parse(await response.text())
  return { id, response }
}

async function post({ request }: Installation, path: string, body: object): Promise<void> {
  const headers = { "content-type": "application/json" }
  const response = await request(path, { method: "POST", headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
}

/** A batch of one request for each id, made by a request of the caller's trace. */
async function createOpenaiBatch({ request }: Installation, ids: readonly string[]): Promise<Response> {
  const body = { model: "chat", messages: [{ role: "user", content: prompt }] }
  const lines = ids.map((id) => JSON.stringify({ custom_id: id, method: "POST", url: "/v1/chat/completions", body }))
  const form = new FormData()
  form.set("purpose", "batch")
  form.set("file", new Blob([lines.join("\n")]), "requests.jsonl")
  const uploaded = await request("/openai/v1/files", { method: "POST", body: form })
  const file: { readonly id: string } = JSON.parse(await uploaded.text())
  const asked = { input_file_id: file.id, endpoint: "/v1/chat/completions", completion_window: "24h" }
  const headers = { "content-type": "application/json", traceparent: `00-${traceId}-${caller}-01` }
  const made = await request("/openai/v1/batches", { method: "POST", headers, body: JSON.stringify(asked) })
  if (!made.ok) throw new Error(`${made.status}: ${await made.text()}`)
  return made
}

const named = (spans: readonly ReceivedSpan[], name: string) =>
  spans.filter((span) => span.name === name).toSorted((a, b) => a.startMs - b.startMs)

/** Each line that is about the job says so, in which trace, and what request asked for it. */
function expectLines({ logs }: Installation, { id, requestId }: { readonly id: string; readonly requestId: string | null }): void {
  const lines = logs()
    .split("\n")
    .filter((line) => line.includes(id))
    .map((line) => JSON.parse(line))
  const said = lines.map(({ msg, jobId, traceId: trace, requestId: request }) => [msg, jobId, trace, request])
  for (const message of [
    "job started",
    "attempt failed",
    "job handed back",
    "attempt succeeded",
    "job ended",
    "webhook not taken",
    "webhook delivered",
  ])
    expect(said).toContainEqual([message, id, traceId, requestId])
  const ofExecution = lines.filter(({ name, run }) => name === "worker" && run !== undefined)
  expect(ofExecution.every((line) => line.jobId === id && line.traceId === traceId && line.requestId === requestId)).toBe(true)
  expect(lines).toContainEqual(expect.objectContaining({ msg: "request completed", requestId, jobId: id, traceId, route: "/v1/jobs" }))
}

describe("traces, in production's processes", () => {
  test("a job that fails over, is retried and tells a webhook is one trace, from the request to the last delivery", async () => {
    const { current, collector, receiver } = await install({
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=e2e",
      LOG_LEVEL: "debug",
    })
    current.simulator.configure({ script: ["unavailable", "unavailable", "ok"] })
    receiver.reactWith(({ index }) => ({ status: index === 0 ? 500 : 204 }))
    const foreign = { traceparent: `00-${traceId}-${caller}-01`, tracestate: "vendor=secret-state", baggage: "user=secret-baggage" }
    const { id, response } = await submit(current, { webhook: { url: receiver.url } }, foreign)
    expect((await current.ended(id)).status).toBe("succeeded")

    const ofTrace = () => collector.spans.filter((span) => span.traceId === traceId)
    await vi.waitFor(() => expect(named(ofTrace(), "webhook job.succeeded")).toHaveLength(2), { timeout: 20_000 })
    await vi.waitFor(() => expect(named(ofTrace(), "execute chat")).toHaveLength(2), { timeout: 20_000 })

    const [request] = named(ofTrace(), "POST /v1/jobs")
    const [submitted] = named(ofTrace(), "submit job")
    expect(request).toMatchObject({ parentId: caller, kind: "server", service: "sluice-api", failed: false })
    expect(request?.attributes).toMatchObject({
      "http.request.method": "POST",
      "http.route": "/v1/jobs",
      "http.response.status_code": 202,
      "sluice.request.id": response.headers.get("x-request-id"),
      "sluice.tenant.id": "default",
    })
    expect(response.headers.get("traceparent")).toBe(`00-${traceId}-${request?.spanId}-01`)
    expect(submitted).toMatchObject({ parentId: request?.spanId, kind: "producer", service: "sluice-api" })

    const [first, second] = named(ofTrace(), "execute chat")
    for (const execution of [first, second]) {
      expect(execution).toMatchObject({ parentId: submitted?.spanId, kind: "consumer", service: "sluice-worker" })
      expect(execution?.attributes).toMatchObject({ "sluice.job.id": id, "sluice.job.run": 1, "sluice.route": "chat" })
    }
    expect(first?.events).toMatchObject([{ name: "sluice.handed_back", attributes: { "sluice.wait.reason": "retry_backoff" } }])
    expect(second?.events).toMatchObject([{ name: "sluice.waited", attributes: { "sluice.wait.reason": "retry_backoff" } }])
    expect(second?.attributes).toMatchObject({ "sluice.job.status": "succeeded", "sluice.served.tier": "primary" })

    const calls = [...named(ofTrace(), "chat sim-1"), ...named(ofTrace(), "chat sim-2")].toSorted((a, b) => a.startMs - b.startMs)
    expect(calls.map(({ parentId, attributes }) => [parentId, attributes["sluice.endpoint"], attributes["error.type"]])).toEqual([
      [first?.spanId, "sim", "overloaded"],
      [first?.spanId, "spare", "overloaded"],
      [second?.spanId, "sim", undefined],
    ])
    expect(calls[2]).toMatchObject({ kind: "client", failed: false })
    expect(calls[2]?.attributes).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "sim-1",
      "gen_ai.usage.output_tokens": expect.any(Number),
      "sluice.attempt.number": 3,
      "sluice.region": "eu",
      "sluice.tier": "primary",
    })

    const deliveries = named(ofTrace(), "webhook job.succeeded")
    expect(deliveries.map(({ parentId, failed, attributes }) => [parentId, failed, attributes["http.response.status_code"]])).toEqual([
      [submitted?.spanId, true, 500],
      [submitted?.spanId, false, 204],
    ])
    const sentOn = receiver.received.map(({ headers }) => headers.traceparent)
    expect(sentOn).toEqual(deliveries.map(({ spanId }) => `00-${traceId}-${spanId}-01`))

    const told = JSON.stringify(current.simulator.requests().map(({ headers }) => headers))
    for (const secret of ["traceparent", "secret-state", "secret-baggage"]) expect(told).not.toContain(secret)
    expectLines(current, { id, requestId: response.headers.get("x-request-id") })
    expect(collector.raw()).not.toContain(prompt)
    expect(collector.raw()).toContain("deployment.environment.name")
  })

  test("a batch of OpenAI's wire is one trace, from its request to the webhook that tells of its end", async () => {
    const { current, collector, receiver } = await install({ LOG_LEVEL: "debug" })
    await post(current, "/v1/webhook-endpoints", { url: receiver.url, events: ["batch.completed"] })
    const response = await createOpenaiBatch(current, ["a", "b"])
    const ofTrace = () => collector.spans.filter((span) => span.traceId === traceId)
    await vi.waitFor(() => expect(named(ofTrace(), "webhook batch.completed")).toHaveLength(1), { timeout: 30_000 })
    await vi.waitFor(() => expect(named(ofTrace(), "execute chat")).toHaveLength(2), { timeout: 20_000 })
    const [request] = named(ofTrace(), "POST /openai/v1/batches")
    const [submitted] = named(ofTrace(), "submit batch items")
    expect(request).toMatchObject({ parentId: caller, kind: "server" })
    expect(submitted).toMatchObject({ parentId: request?.spanId, attributes: { "sluice.batch.accepted": 2 } })
    for (const execution of named(ofTrace(), "execute chat")) expect(execution.parentId).toBe(submitted?.spanId)
    expect(named(ofTrace(), "webhook batch.completed")[0]).toMatchObject({ parentId: request?.spanId, kind: "client" })
    const requestId = response.headers.get("x-request-id")
    const ends = current
      .logs()
      .split("\n")
      .filter((line) => line.includes('"job ended"'))
    expect(ends.map((line) => JSON.parse(line).requestId)).toEqual([requestId, requestId])
    const completed = current
      .logs()
      .split("\n")
      .find((line) => line.includes('"batch completed"'))
    expect(JSON.parse(completed ?? "{}")).toMatchObject({ requestId, traceId })
  })

  test("a job that is cancelled in line ends its trace itself", async () => {
    const { current, collector } = await install()
    const runAt = new Date(Date.now() + 3_600_000).toISOString()
    const { id } = await submit(current, { options: { runAt } }, { traceparent: `00-${traceId}-${caller}-01` })
    await post(current, `/v1/jobs/${id}/cancel`, {})
    const ofTrace = () => collector.spans.filter((span) => span.traceId === traceId)
    await vi.waitFor(() => expect(named(ofTrace(), "cancel chat")).toHaveLength(1), { timeout: 20_000 })
    const [submitted] = named(ofTrace(), "submit job")
    const [cancelled] = named(ofTrace(), "cancel chat")
    expect(cancelled).toMatchObject({ parentId: submitted?.spanId, service: "sluice-api", failed: false })
    expect(cancelled?.attributes).toMatchObject({ "sluice.job.id": id, "sluice.job.status": "cancelled" })
  })

  test("a caller that does not keep its trace has nothing kept; content is kept only when it is asked for", async () => {
    const { current, collector } = await install({ SLUICE_TRACE_CONTENT: "1" })
    const ignored = await submit(current, {}, { traceparent: `00-${traceId}-${caller}-00` })
    expect(ignored.response.headers.get("traceparent")).toBeNull()
    await current.ended(ignored.id)
    const kept = await submit(current, {})
    await current.ended(kept.id)
    await vi.waitFor(() => expect(named(collector.spans, "chat sim-1")).toHaveLength(1), { timeout: 20_000 })
    expect(named(collector.spans, "chat sim-1")[0]?.attributes["gen_ai.input.messages"]).toContain(prompt)
    expect(collector.raw()).not.toContain(traceId)
  })

  test("a collector that is away delays nothing, and is told of once", async () => {
    const { current, collector } = await install()
    await collector.close()
    await Promise.all(
      Array.from({ length: 10 }, async () => expect((await current.ended((await submit(current, {})).id)).status).toBe("succeeded")),
    )
    await vi.waitFor(() => expect(current.logs()).toContain("spans could not be sent"), { timeout: 30_000 })
    await current.stop()
    expect(current.logs().match(/spans could not be sent/g)?.length).toBeLessThanOrEqual(2)
    expect(current.logs()).not.toContain("release failed")
  })
})
