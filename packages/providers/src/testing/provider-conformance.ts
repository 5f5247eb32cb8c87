import { once } from "node:events"
import type { ServerResponse } from "node:http"
import { createServer, type Socket } from "node:net"
import { type Kind, kinds, type Provider, type ProviderAnswer, type ProviderCall, ProviderError, type Work } from "@sluice/core"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest"
import type { ProviderOptions } from "../provider-settings.ts"
import { type AnswerFixture, bodyText, type ErrorCase } from "./fixtures.ts"
import { fixtureNowMs } from "./generate-with.ts"
import { type SampleCall, sampleCall, sampleKey } from "./sample-call.ts"
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts"

export interface ConformanceSubject extends Pick<SampleCall, "provider" | "endpoint"> {
  readonly create: (options?: ProviderOptions) => Provider
  readonly kinds: readonly Kind[]
  readonly work: Work
  /** A good answer to `work`, and all that the provider must make of it. */
  readonly answer: AnswerFixture
  readonly expected: ProviderAnswer
  /** The header by which the server knows who asks, as it has to be. */
  readonly credential: { readonly header: string; readonly value: string }
  readonly errors: readonly ErrorCase[]
}

/** What every `Provider` promises, tried over real connections. */
export function providerConformance(subject: ConformanceSubject): void {
  describe(`${subject.provider} as a Provider`, () => {
    let server: ScriptedServer
    let provider: Provider

    beforeAll(async () => {
      server = await startScriptedServer()
    })
    afterAll(() => server.close())
    beforeEach(() => {
      server.reset()
      provider = subject.create({ now: () => fixtureNowMs, maxResponseBytes: 64 * 1024, maxBinaryResponseBytes: 64 * 1024 })
    })
    afterEach(() => provider.close())

    const callOf = (changes: Partial<SampleCall> = {}): ProviderCall =>
      sampleCall({
        provider: subject.provider,
        work: subject.work,
        ...changes,
        endpoint: { baseUrl: server.url, ...subject.endpoint, ...changes.endpoint },
      })
    const answerWith = (answer: AnswerFixture): void => server.answer((_, response) => reply(response, answer))
    const failure = async (changes: Partial<SampleCall> = {}): Promise<ProviderError> => {
      const outcome = await provider.generate(callOf(changes)).catch((error: unknown) => error)
      if (!(outcome instanceof ProviderError)) throw new Error("Expected a ProviderError.", { cause: outcome })
      expect(outcome.message.startsWith("test-eu: "), outcome.message).toBe(true)
      return outcome
    }

    test("says which kinds it has, and refuses the others without asking", async () => {
      expect(kinds.filter((kind) => provider.supports(kind))).toEqual(kinds.filter((kind) => subject.kinds.includes(kind)))
      const work: Work = { kind: "custom", input: {} }
      if (subject.kinds.includes("custom")) return
      expect(await failure({ work })).toMatchObject({ type: "invalid_input" })
      expect(server.requests).toHaveLength(0)
    })

    test("makes one request and returns all that the answer says", async () => {
      answerWith(subject.answer)
      expect(await provider.generate(callOf())).toEqual(subject.expected)
      expect(server.requests).toHaveLength(1)
      const [request] = server.requests
      expect(request?.headers).toMatchObject({
        [subject.credential.header]: subject.credential.value,
        "content-type": "application/json",
        "idempotency-key": "job_01993f0ac1d27c4e8b60a1b2c3d4e5f6-1",
      })
    })

    test("sends no credential without a key, and the endpoint's headers with each request", async () => {
      answerWith(subject.answer)
      await provider.generate(callOf({ apiKey: null, endpoint: { headers: { "X-Team": "river" } } }))
      const headers = server.requests[0]?.headers ?? {}
      expect(headers["x-team"]).toBe("river")
      expect([headers.authorization, headers["api-key"], headers["x-api-key"]]).toEqual([undefined, undefined, undefined])
    })

    test("gives each of many concurrent calls its own answer", async () => {
      server.answer((request, response) => reply(response, withModel(subject.answer, request.headers["x-number"])))
      const numbers = Array.from({ length: 40 }, (_, index) => `m-${index}`)
      const answers = await Promise.all(
        numbers.map((number) => provider.generate(callOf({ endpoint: { headers: { "x-number": number } } }))),
      )
      expect(answers.map(({ model }) => model)).toEqual(numbers)
    })

    describe("aborted by the caller", () => {
      test("before the call: rejects with the reason and asks nobody", async () => {
        const reason = new Error("cancelled")
        await expect(provider.generate(callOf({ signal: AbortSignal.abort(reason) }))).rejects.toBe(reason)
        expect(server.requests).toHaveLength(0)
      })

      test("while it waits: rejects with the reason and hangs up", async () => {
        const controller = new AbortController()
        const reason = new Error("cancelled")
        server.answer(() => controller.abort(reason))
        await expect(provider.generate(callOf({ signal: controller.signal }))).rejects.toBe(reason)
        await server.requests[0]?.aborted
      })

      test("in mid-answer: rejects with the reason and hangs up", async () => {
        const controller = new AbortController()
        const reason = new Error("cancelled")
        server.answer((_, response) => {
          response.writeHead(200, { "content-type": "application/json" }).write('{"id":', () => controller.abort(reason))
        })
        await expect(provider.generate(callOf({ signal: controller.signal }))).rejects.toBe(reason)
        await server.requests[0]?.aborted
      })
    })

    describe("too slow", () => {
      test("an answer that never begins ends with timeoutMs", async () => {
        server.answer(() => {})
        expect(await failure({ endpoint: { timeoutMs: 80 } })).toMatchObject({
          type: "timeout",
          message: expect.stringContaining("timeoutMs"),
        })
        await server.requests[0]?.aborted
      })

      test("an answer that never begins ends with firstChunkMs", async () => {
        server.answer(() => {})
        const error = await failure({ endpoint: { firstChunkMs: 80 } })
        expect(error).toMatchObject({ type: "timeout", message: expect.stringContaining("firstChunkMs") })
      })

      test("an answer that pauses ends with idleMs", async () => {
        server.answer((_, response) => response.writeHead(200, { "content-type": "application/json" }).write('{"id":'))
        const error = await failure({ endpoint: { idleMs: 80 } })
        expect(error).toMatchObject({ type: "timeout", message: expect.stringContaining("idleMs") })
      })

      test("an answer that drips for ever ends with timeoutMs", async () => {
        server.answer((_, response) => drip(response))
        expect(await failure({ endpoint: { timeoutMs: 150, idleMs: 100 } })).toMatchObject({ type: "timeout" })
        await server.requests[0]?.aborted
      })
    })

    describe("a success that cannot be used is malformed_response", () => {
      const json = { "content-type": "application/json" }
      test.each([
        { what: "cut off", body: bodyText(subject.answer).slice(0, -9), says: "not valid JSON" },
        { what: "empty", body: "", says: "empty" },
        { what: "a page", body: "<!doctype html><title>Welcome</title>", says: "page" },
        { what: "a number", body: "17", says: "" },
        { what: "an object of another form", body: '{"hello":"there"}', says: "" },
        { what: "a list", body: "[]", says: "" },
      ])("$what", async ({ body, says }) => {
        answerWith({ status: 200, headers: json, body })
        const error = await failure()
        expect(error).toMatchObject({ type: "malformed_response", httpStatus: 200, message: expect.stringContaining(says) })
      })

      test("without content", async () => {
        answerWith({ status: 204, headers: {}, body: "" })
        expect(await failure()).toMatchObject({ type: "malformed_response", httpStatus: 204 })
      })

      test("larger than the bound, declared and not", async () => {
        const body = JSON.stringify("x".repeat(100_000))
        answerWith({ status: 200, headers: json, body })
        expect(await failure()).toMatchObject({ type: "malformed_response", message: expect.stringContaining("65536 bytes") })
        server.answer((_, response) => response.writeHead(200, { ...json, "transfer-encoding": "chunked" }).end(body))
        expect(await failure()).toMatchObject({ type: "malformed_response", message: expect.stringContaining("65536 bytes") })
      })

      test("no HTTP at all", async () => {
        const peer = await startPeer((socket) => socket.end("220 mail.example ESMTP\r\n"))
        expect(await failure({ endpoint: { baseUrl: peer.url } })).toMatchObject({ type: "malformed_response", httpStatus: null })
        await peer.close()
      })
    })

    describe("no answer is network", () => {
      test("reset before it", async () => {
        server.answer((_, response) => response.socket?.resetAndDestroy())
        expect(await failure()).toMatchObject({ type: "network", httpStatus: null })
      })

      test("closed before it", async () => {
        server.answer((_, response) => response.destroy())
        expect(await failure()).toMatchObject({ type: "network" })
      })

      test("broken off in the middle of it", async () => {
        const body = bodyText(subject.answer)
        server.answer((_, response) => {
          response.writeHead(200, { ...subject.answer.headers, "content-length": Buffer.byteLength(body) })
          response.write(body.slice(0, 20), () => response.socket?.resetAndDestroy())
        })
        expect(await failure()).toMatchObject({ type: "network" })
      })

      test("refused", async () => {
        const peer = await startPeer(() => {})
        await peer.close()
        const error = await failure({ endpoint: { baseUrl: peer.url } })
        expect(error).toMatchObject({ type: "network", message: expect.stringContaining("refused") })
      })

      test("a host that does not exist", async () => {
        const error = await failure({ endpoint: { baseUrl: "http://no-such-host.invalid" } })
        expect(error).toMatchObject({ type: "network", message: expect.stringContaining("could not be resolved") })
      })
    })

    describe("a failure that the provider reports", () => {
      test.each(subject.errors.map((errorCase) => ({ ...errorCase })))("$status $name", async ({ expected, prompt, ...answer }) => {
        answerWith(answer)
        const error = await failure(prompt === undefined ? {} : { work: withPrompt(subject.work, prompt) })
        expect({ type: error.type, code: error.providerCode, retryAfterMs: error.retryAfterMs }).toEqual({
          type: expected.type,
          code: expected.code,
          retryAfterMs: expected.retryAfterMs,
        })
        expect(error.httpStatus).toBe(answer.status)
        if (expected.message !== undefined) expect(error.message).toBe(`test-eu: ${expected.message}`)
        expect(server.requests).toHaveLength(1)
      })

      test("keeps the key and the prompt to itself, whatever is echoed", async () => {
        const prompt = "The confidential report of the third quarter says that the river rose by four metres."
        const echo = `Bad key ${sampleKey} (sk-other-key-12345) for: ${prompt.slice(0, 70)}`
        answerWith({ status: 400, headers: {}, body: { error: { message: echo, type: "x" } } })
        const error = await failure({ work: withPrompt(subject.work, prompt) })
        expect(error.message).toBe("test-eu: Bad key [secret] ([secret]) for: [input]")
      })

      test("bounds what it says", async () => {
        answerWith({ status: 400, headers: {}, body: { error: { message: "very long ".repeat(1_000), type: "x" } } })
        expect((await failure()).message.length).toBeLessThanOrEqual(520)
      })

      test("reads a failure's body within bounds, however long", async () => {
        answerWith({ status: 503, headers: {}, body: "<html><head><title>Down</title></head>".padEnd(2_000_000, " ") })
        expect(await failure()).toMatchObject({ type: "overloaded", message: 'test-eu: an HTML page titled "Down"' })
      })
    })

    test("a key that cannot be sent is the credential's fault, and is not shown", async () => {
      const error = await failure({ apiKey: "secret-with\nline-break" })
      expect(error).toMatchObject({ type: "provider_auth" })
      expect(error.message).not.toContain("secret-with")
      expect(server.requests).toHaveLength(0)
    })

    test("uses connections again", async () => {
      const sockets = new Set<unknown>()
      server.answer((_, response) => {
        sockets.add(response.socket)
        reply(response, subject.answer)
      })
      for (let calls = 0; calls < 10; calls += 1) await provider.generate(callOf())
      // A second one is opened when a call begins before the connection is back from the last.
      expect(sockets.size).toBeLessThanOrEqual(2)
    })
  })
}

function reply(response: ServerResponse, answer: AnswerFixture): void {
  response.writeHead(answer.status, answer.headers).end(bodyText(answer))
}

/** A byte again and again, until the client has enough. */
function drip(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" })
  const timer = setInterval(() => response.write(" "), 20)
  response.once("close", () => clearInterval(timer))
}

/** The answer with another model's name wherever the fixture has one. */
function withModel(answer: AnswerFixture, model: string | string[] | undefined): AnswerFixture {
  const text = bodyText(answer).replace(/"(model|engine)":"[^"]*"/, `"$1":"${String(model)}"`)
  return { ...answer, body: text }
}

function withPrompt(work: Work, prompt: string): Work {
  if (work.kind === "custom") return { kind: "custom", input: { text: prompt } }
  return { kind: "chat", input: { messages: [{ role: "user", content: prompt }] } }
}

/** A peer that speaks TCP only. */
async function startPeer(onConnection: (socket: Socket) => void): Promise<{ url: string; close(): Promise<void> }> {
  const peer = createServer((socket) => {
    socket.resume()
    onConnection(socket)
  })
  peer.listen(0, "127.0.0.1")
  await once(peer, "listening")
  const address = peer.address()
  if (address === null || typeof address === "string") throw new Error("The peer has no port.")
  const close = async (): Promise<void> => {
    peer.close()
    await once(peer, "close")
  }
  return { url: `http://127.0.0.1:${address.port}`, close }
}
