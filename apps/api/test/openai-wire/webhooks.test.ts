import { once } from "node:events"
import { createServer, type IncomingHttpHeaders } from "node:http"
import { BadRequestError, NotFoundError, toFile } from "openai"
import { expect, onTestFinished, test, vi } from "vitest"
import { useInstallation } from "./support/use-installation.ts"

const { installation, client } = await useInstallation()

interface Received {
  readonly body: string
  readonly headers: IncomingHttpHeaders
}

/** Keeps what it is sent. */
async function startReceiver() {
  const received: Received[] = []
  const server = createServer((request, response) => {
    let body = ""
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text
    })
    request.on("end", () => {
      received.push({ body, headers: request.headers })
      response.end()
    })
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  onTestFinished(() => void server.close())
  const address = server.address()
  return { received, url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/hooks` }
}

test("the ends of responses and batches are told so that the client's unwrap takes them, and nothing else is", async () => {
  const { url, received } = await startReceiver()
  const endpoint = await client.webhooks.create({
    name: "app",
    url,
    event_types: ["response.completed", "response.failed", "response.incomplete", "batch.completed", "batch.failed"],
  })
  expect(endpoint).toMatchObject({ object: "webhook_endpoint", name: "app", url, signing_secret: expect.stringMatching(/^whsec_/) })
  await client.chat.completions.create({ model: "chat", messages: [{ role: "user", content: "Nobody hears of this." }] })
  const response = await client.responses.create({ model: "chat", input: "Hello", background: true })
  const incomplete = await client.responses.create({ model: "chat", input: "Hello ".repeat(40), max_output_tokens: 16, background: true })
  const line = {
    custom_id: "a",
    method: "POST",
    url: "/v1/chat/completions",
    body: { model: "chat", messages: [{ role: "user", content: "x" }] },
  }
  const file = await client.files.create({ purpose: "batch", file: await toFile(Buffer.from(JSON.stringify(line)), "a.jsonl") })
  const asked = { endpoint: "/v1/chat/completions", completion_window: "24h" } as const
  const batch = await client.batches.create({ input_file_id: file.id, ...asked })
  const wrong = await client.files.create({ purpose: "batch", file: await toFile(Buffer.from("{"), "b.jsonl") })
  const failed = await client.batches.create({ input_file_id: wrong.id, ...asked })

  await vi.waitFor(() => expect(received.length).toBeGreaterThanOrEqual(4), { timeout: 30_000, interval: 100 })
  const events = await Promise.all(
    received.map(({ body, headers }) =>
      client.webhooks.unwrap(
        body,
        new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)])),
        endpoint.signing_secret,
      ),
    ),
  )
  const told = events.map(({ type, data }) => [type, "id" in data ? data.id : null])
  expect(told.toSorted()).toEqual(
    [
      ["response.completed", response.id],
      ["response.incomplete", incomplete.id],
      ["batch.completed", batch.id],
      ["batch.failed", failed.id],
    ].toSorted(),
  )
  expect(Object.keys(JSON.parse(received[0]?.body ?? ""))).toEqual(["id", "object", "created_at", "type", "data"])
  const first = received[0]
  const forged = client.webhooks.unwrap(
    `${first?.body} `,
    new Headers({ "webhook-id": "x", "webhook-timestamp": "1", "webhook-signature": "v1,x" }),
    endpoint.signing_secret,
  )
  await expect(forged).rejects.toThrow()
})

test("endpoints are listed, changed, given a new secret and removed; those of Sluice's own events are none of them", async () => {
  const { url } = await startReceiver()
  const { id, signing_secret: secret } = await client.webhooks.create({ name: "a", url, event_types: ["batch.completed"] })
  const { json: own } = await installation.call("POST", "/v1/webhook-endpoints", { url })
  const listed: string[] = []
  for await (const endpoint of client.webhooks.list({ limit: 1 })) listed.push(endpoint.id)
  expect(listed).toContain(id)
  expect(listed).not.toContain(Reflect.get(Object(own), "id"))
  expect(await client.webhooks.update(id, { name: "b", event_types: ["response.completed"] })).toMatchObject({
    name: "b",
    event_types: ["response.completed"],
  })
  const rotated = await client.post<{ signing_secret: string }>(`/webhook_endpoints/${id}/rotate_secret`)
  expect(rotated.signing_secret).not.toBe(secret)
  expect((await installation.call("PATCH", `/v1/webhook-endpoints/${id}`, { events: ["job.failed"] })).status).toBe(400)
  expect((await installation.call("GET", `/v1/webhook-endpoints/${id}`)).json).toMatchObject({ format: "openai" })
  await client.webhooks.delete(id)
  await expect(client.webhooks.retrieve(id)).rejects.toBeInstanceOf(NotFoundError)
  await expect(client.webhooks.retrieve(String(Reflect.get(Object(own), "id")))).rejects.toBeInstanceOf(NotFoundError)
  await expect(client.webhooks.create({ name: "x", url, event_types: ["video.completed"] })).rejects.toBeInstanceOf(BadRequestError)
})
