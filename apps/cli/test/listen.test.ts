import { once } from "node:events"
import { createServer } from "node:http"
import { createInterface } from "node:readline"
import { createWebhookSecret, signWebhook } from "@sluice/core"
import { expect, onTestFinished, test, vi } from "vitest"
import { runCommand, startCommand } from "./support/run-command.ts"

const secret = createWebhookSecret()

const event = (status: string) =>
  JSON.stringify({
    id: "evt_1",
    type: `job.${status}`,
    timestamp: new Date().toISOString(),
    apiVersion: "1",
    data: { id: "job_1", status },
  })

async function listen(args: readonly string[] = []) {
  const { child, outcome } = startCommand({ args: ["listen", "--port", String(await freePort()), "--secret", secret, ...args] })
  const shown: string[] = []
  for (const stream of [child.stdout, child.stderr]) if (stream) createInterface(stream).on("line", (line) => shown.push(line))
  await vi.waitFor(() => expect(shown.join("\n")).toContain("Webhooks are received at "), { timeout: 20_000 })
  const url = /http:\/\/\S+/.exec(shown.join("\n"))?.[0] ?? ""
  return { child, outcome, shown, url }
}

async function freePort(): Promise<number> {
  const { freePort: find } = await import("@sluice/devstack")
  return await find()
}

async function send(url: string, body: string, secrets = [secret]): Promise<Response> {
  return await fetch(url, {
    method: "POST",
    body,
    headers: { ...(await signWebhook({ id: "evt_1", timestamp: new Date(), body, secrets })) },
  })
}

test("prints what is signed with the secret, and ends in order", async () => {
  const { child, outcome, shown, url } = await listen()
  expect((await send(url, event("succeeded"))).status).toBe(200)
  await vi.waitFor(() => expect(shown.at(-1)).toMatch(/^\d\d:\d\d:\d\d {2}job\.succeeded {2}evt_1 {2}job_1 succeeded$/))
  child.kill("SIGINT")
  expect(await outcome).toMatchObject({ code: 0 })
})

test("answers 400 to a wrong secret, and says so to both sides", async () => {
  const { shown, url } = await listen()
  const response = await send(url, event("succeeded"), [createWebhookSecret()])
  expect(response.status).toBe(400)
  expect(await response.text()).toContain("the secret is wrong")
  await vi.waitFor(() => expect(shown.at(-1)).toMatch(/refused .*the secret is wrong/))
  expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(400)
  await vi.waitFor(() => expect(shown.at(-1)).toMatch(/refused .*webhook-id is missing/))
})

test("forwards what is verified, as it came, and answers as the receiver does", async () => {
  const received: { headers: unknown; body: string }[] = []
  const app = createServer(async (request, response) => {
    let body = ""
    for await (const chunk of request) body += chunk
    received.push({ headers: request.headers, body })
    response.statusCode = 503
    response.end()
  }).listen(0, "127.0.0.1")
  await once(app, "listening")
  onTestFinished(() => void app.close())
  const address = app.address()
  const forward = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/hooks`

  const { shown, url } = await listen(["--forward", forward])
  const body = event("failed")
  expect((await send(url, body)).status).toBe(503)
  expect(received).toEqual([{ headers: expect.objectContaining({ "webhook-id": "evt_1" }), body }])
  await vi.waitFor(() => expect(shown.at(-1)).toContain(`${forward} answered 503`))
  expect((await send(url, body, [createWebhookSecret()])).status).toBe(400)
  expect(received.length).toBe(1)
})

test.each([
  ["no secret", ["listen"], "There is no secret to verify with"],
  ["a secret that is none", ["listen", "--secret", "abc"], "begins with whsec_"],
  ["a port that is none", ["listen", "--secret", secret, "--port", "x"], "whole number"],
  ["nowhere to forward to", ["listen", "--secret", secret, "--forward", "localhost:3000"], "expected an http(s) URL"],
])("refuses %s", async (_what, args, words) => {
  expect(await runCommand({ args })).toMatchObject({ code: 2, stderr: expect.stringContaining(words) })
})
