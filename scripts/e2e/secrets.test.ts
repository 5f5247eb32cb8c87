import { randomBytes } from "node:crypto"
import { afterEach, describe, expect, inject, test, vi } from "vitest"
import { type EchoingProvider, startEchoingProvider } from "./echoing-provider.ts"
import { createInstallation, type Installation } from "./installation.ts"
import { type OtlpReceiver, startOtlpReceiver } from "./otlp-receiver.ts"
import { type Receiver, startReceiver } from "./receiver.ts"

let installation: Installation | undefined
let collector: OtlpReceiver | undefined
let receiver: Receiver | undefined
let echoing: EchoingProvider | undefined
afterEach(async () => {
  await installation?.close()
  await Promise.all([collector?.close(), receiver?.close(), echoing?.close()])
  installation = undefined
})

const words = (what: string) => `the ${what} that nobody but its owner may ever read`
const secret = (what: string) => `${what}-${randomBytes(12).toString("hex")}`
const prompts = {
  plain: words("prompt of a plain job"),
  streamed: words("prompt of a streamed job"),
  echoed: words("prompt that a provider repeats"),
  tenant: words("prompt of a tenant with a key of its own"),
  batch: words("prompt of a batch"),
  embedding: words("text of an embedding"),
  unreadable: words("prompt of a body that cannot be read"),
  invalid: words("prompt of a request that is refused"),
  unknownRoute: words("prompt for a route that is not there"),
}
const secrets = {
  encryption: randomBytes(32).toString("base64"),
  ofTenant: secret("sk-tenant"),
  platform: secret("plainplatformkey"),
  guessed: secret("sk_guessed"),
  inHookUrl: secret("hooktoken"),
  inHookHeader: secret("hookheader"),
  callers: secret("jwt"),
}

async function install() {
  const [otlp, hooks, echo] = await Promise.all([startOtlpReceiver(), startReceiver(), startEchoingProvider()])
  const created = await createInstallation({
    redisUrl: inject("redisUrl"),
    mongodbUrl: inject("mongodbUrl"),
    endpoint: ", credential: tenant-then-platform",
    endpoints: () => `  echo: { provider: openai, baseUrl: "${echo.url}", model: echo-1, apiKey: env:ECHO_KEY }`,
    configuration: `  echoed: { tiers: [{ name: primary, endpoints: [echo] }, { name: static, output: { text: Later. } }], retry: { overloaded: { retries: 1, delayMs: 100 } } }
  vectors: { kind: embedding, tiers: [{ name: primary, endpoints: [sim] }] }
tenants: { acme: {} }
webhooks: { scheduleMs: [0, 100], timeoutMs: 2000 }`,
    environment: {
      ...otlp.environment,
      LOG_LEVEL: "trace",
      ECHO_KEY: secrets.platform,
      OLD: secrets.encryption,
      SLUICE_ENCRYPTION_KEYS: "2026-11=env:OLD",
      SLUICE_WEBHOOK_ALLOW_PRIVATE: "1",
    },
    simulator: { latency: { baseMs: 0, jitterMs: 0 } },
  })
  ;[installation, collector, receiver, echoing] = [created, otlp, hooks, echo]
  await Promise.all([created.startApi(), created.startWorker()])
  return { current: created, collector: otlp, receiver: hooks, echoing: echo }
}

type Sent = { readonly method?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: object | string }

async function send({ request }: Installation, path: string, { method = "POST", headers, body }: Sent = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body)
  const response = await request(path, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(body !== undefined && { body: text }),
  })
  const answer = await response.text()
  const isJson = response.headers.get("content-type")?.includes("json") ?? false
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose shape is what they test.
  const json: any = isJson ? JSON.parse(answer) : null
  return { status: response.status, json, text: answer }
}

const chat = (prompt: string, extra: object = {}) => ({ route: "chat", input: { messages: [{ role: "user", content: prompt }] }, ...extra })

/** Everything that callers and operators do, well and badly, with words and keys that would be recognised anywhere. */
async function useEverything(current: Installation, { receiver, echoing }: { receiver: Receiver; echoing: EchoingProvider }) {
  const hook = `${receiver.url}?token=${secrets.inHookUrl}`
  const key = await send(current, "/v1/api-keys", { body: { name: "orders", scopes: ["jobs:*"] } })
  const endpoint = await send(current, "/v1/webhook-endpoints", { body: { url: hook, headers: { "x-proxy-key": secrets.inHookHeader } } })
  await send(current, `/v1/webhook-endpoints/${endpoint.json.id}/rotate-secret`, { body: {} })
  const ofTenant = { "x-sluice-tenant": "acme" }
  const put = await send(current, "/v1/provider-credentials/sim", { method: "PUT", headers: ofTenant, body: { secret: secrets.ofTenant } })
  expect([key.status, endpoint.status, put.status]).toEqual([201, 201, 200])

  const away = `http://127.0.0.1:9/${secrets.inHookUrl}?token=${secrets.inHookUrl}`
  const jobs = await Promise.all([
    send(current, "/v1/jobs", { body: chat(prompts.plain, { webhook: { url: away } }), headers: { "x-request-id": "order-81" } }),
    send(current, "/v1/jobs", { body: chat(prompts.tenant), headers: ofTenant }),
    send(current, "/v1/jobs", { body: { route: "vectors", input: { texts: [prompts.embedding] } } }),
    send(current, "/v1/jobs", { body: { ...chat(prompts.echoed), route: "echoed", options: { fallback: "none" } } }),
    send(current, "/v1/jobs", { body: { ...chat(prompts.echoed), route: "echoed", options: { fallback: "any", degradeAfterMs: 0 } } }),
  ])
  expect(jobs.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202])
  const streamed = await send(current, "/v1/jobs", {
    body: chat(prompts.streamed),
    headers: { authorization: `Bearer ${key.json.secret}` },
  })
  const token = await send(current, `/v1/jobs/${streamed.json.id}/token`)
  await current.request(`/v1/jobs/${streamed.json.id}/events?token=${token.json.token}`).then((response) => response.text())
  const batch = await send(current, "/v1/batches", {
    body: { items: [1, 2].map((line) => ({ customId: `${line}`, job: chat(prompts.batch) })) },
  })
  expect(batch.json.accepted).toBe(2)

  await send(current, "/v1/jobs", { body: chat(prompts.invalid, { options: { priority: prompts.invalid } }) })
  await send(current, "/v1/jobs", { body: { ...chat(prompts.unknownRoute), route: "nowhere" } })
  await send(current, "/v1/jobs", { body: `{"input": "${prompts.unreadable}` })
  await send(current, `/v1/jobs/${encodeURIComponent(prompts.invalid)}?q=${secrets.callers}`, { method: "GET" })
  await send(current, "/v1/jobs", { body: chat(prompts.plain), headers: { authorization: `Bearer ${secrets.guessed}` } })
  await send(current, "/v1/jobs", {
    body: chat(prompts.plain),
    headers: { authorization: `Basic ${secrets.callers}`, cookie: `session=${secrets.callers}` },
  })
  await send(current, "/v1/drill", { body: {} })

  for (const { json } of jobs.slice(0, 3)) await ended(current, json.id, json.route === undefined ? {} : ofTenant)
  await vi.waitFor(() => expect(echoing.requests).toBeGreaterThan(3), { timeout: 60_000 })
  await vi.waitFor(async () => expect((await send(current, "/v1/dead-letters", { method: "GET" })).json.data.length).toBeGreaterThan(0), {
    timeout: 60_000,
  })
  await send(current, "/v1/dead-letters/replay", { body: { filter: { route: "echoed" } } })
}

/** Of whichever tenant. */
async function ended(current: Installation, id: string, ofTenant: Readonly<Record<string, string>>): Promise<void> {
  await vi.waitFor(
    async () => {
      const own = await send(current, `/v1/jobs/${id}`, { method: "GET" })
      const { json } = own.status === 200 ? own : await send(current, `/v1/jobs/${id}`, { method: "GET", headers: ofTenant })
      expect(json.finishedAt).not.toBeNull()
    },
    { timeout: 60_000, interval: 200 },
  )
}

describe("what the processes tell of themselves", () => {
  test("no log and no span has a key, a secret or a prompt in it, whatever is done and whatever goes wrong", {
    timeout: 180_000,
  }, async () => {
    const { current, collector, receiver, echoing } = await install()
    receiver.reactWith(({ index }) => (index % 2 === 0 ? { status: 500 } : { status: 204 }))
    current.secrets.add(...Object.values(secrets), ...Object.values(prompts))
    await useEverything(current, { receiver, echoing })
    await vi.waitFor(() => expect(collector.spans.some(({ name }) => name.startsWith("webhook "))).toBe(true), { timeout: 60_000 })
    await current.stop()

    const logs = current.logs()
    for (const said of ["attempt failed", "job ended", "job started", "webhook not taken", "request completed", "job degraded"])
      expect(logs).toContain(said)
    for (const name of ["POST /v1/jobs", "submit job", "execute echoed", "chat echo-1", "embeddings sim-1"])
      expect(collector.spans.map((span) => span.name)).toContain(name)
    current.secrets.expectNoneIn(logs)
    current.secrets.expectNoneIn(collector.raw())
  })
})
