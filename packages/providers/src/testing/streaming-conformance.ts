import { once } from "node:events"
import type { ServerResponse } from "node:http"
import { type Provider, type ProviderAnswer, ProviderError, type ProviderName } from "@sluice/core"
import fc from "fast-check"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest"
import type { ProviderOptions } from "../provider-settings.ts"
import { sampleCall } from "./sample-call.ts"
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts"

export interface StreamingSubject {
  readonly provider: ProviderName
  readonly endpoint?: { readonly apiVersion?: string }
  readonly create: (options?: ProviderOptions) => Provider
  /** A good answer as a stream of events, and all that the provider must make of it. */
  readonly stream: string
  readonly pieces: readonly string[]
  readonly expected: Partial<ProviderAnswer>
  /** An event that tells of an overloaded server. */
  readonly overloaded: string
  /** A good answer in one piece, as it comes from a server that knows no streams. */
  readonly unstreamed: object
}

const head = { "content-type": "text/event-stream; charset=utf-8" }

/** What every `Provider` promises that takes answers as streams, tried over real connections. */
export function streamingConformance(subject: StreamingSubject): void {
  describe(`${subject.provider} as a Provider of streams`, () => {
    const { stream, pieces, expected } = subject
    const half = stream.slice(0, stream.indexOf(pieces[1] ?? "") + 3)
    const whole = half.slice(0, half.lastIndexOf("\n\n") + 2)
    let server: ScriptedServer
    let provider: Provider
    let told: string[]

    beforeAll(async () => {
      server = await startScriptedServer()
    })
    afterAll(() => server.close())
    beforeEach(() => {
      server.reset()
      told = []
      provider = subject.create({ maxResponseBytes: 64 * 1024 })
    })
    afterEach(() => provider.close())

    const generate = (endpoint = {}, signal = new AbortController().signal): Promise<ProviderAnswer> => {
      const call = sampleCall({ provider: subject.provider, signal, endpoint: { baseUrl: server.url, ...subject.endpoint, ...endpoint } })
      return provider.generate({ ...call, onDelta: (text) => void told.push(text) })
    }
    const failure = async (endpoint = {}): Promise<ProviderError> => {
      const outcome = await generate(endpoint).catch((error: unknown) => error)
      if (!(outcome instanceof ProviderError)) throw new Error("Expected a ProviderError.", { cause: outcome })
      return outcome
    }
    const answerWith = (text: string) => server.answer((_, response) => response.writeHead(200, head).end(text))
    /** Sends a part, and goes on when the provider has told of the first piece. */
    const answerInParts = (first: string, goOn: (response: ServerResponse) => void) =>
      server.answer((_, response) => {
        response.writeHead(200, head).write(first)
        const timer = setInterval(() => {
          if (told.length === 0) return
          clearInterval(timer)
          goOn(response)
        }, 5)
      })

    test("tells of each piece before the answer has ended, and returns the whole", async () => {
      answerInParts(whole, (response) => response.end(stream.slice(whole.length)))
      expect(await generate()).toMatchObject(expected)
      expect(told).toEqual(pieces)
      expect(JSON.parse(server.requests[0]?.body ?? "")).toMatchObject({ stream: true })
    })

    test("asks for no stream when nobody listens", async () => {
      server.answer((_, response) =>
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(subject.unstreamed)),
      )
      await provider.generate(sampleCall({ provider: subject.provider, endpoint: { baseUrl: server.url, ...subject.endpoint } }))
      expect(JSON.parse(server.requests[0]?.body ?? "")).not.toHaveProperty("stream")
    })

    test("reads it however it is cut into packets", async () => {
      const bytes = Buffer.from(stream)
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 6 }), async (cuts) => {
          told = []
          server.answer((_, response) => void sendInPackets(response, bytes, cuts))
          expect(await generate()).toMatchObject(expected)
          expect(told.join("")).toBe(pieces.join(""))
        }),
        { numRuns: 30 },
      )
    })

    test("takes an answer in one piece from a server that knows no streams", async () => {
      server.answer((_, response) =>
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(subject.unstreamed)),
      )
      expect(await generate()).toMatchObject({ generated: { kind: "chat" }, httpStatus: 200 })
      expect(told).toEqual([])
    })

    describe("that breaks", () => {
      test("cut off between events, with nothing wrong in HTTP: malformed_response", async () => {
        answerWith(whole)
        expect(await failure()).toMatchObject({
          type: "malformed_response",
          message: expect.stringContaining("before the answer was complete"),
        })
        expect(told).toEqual(pieces.slice(0, 1))
      })

      test("cut off within an event: malformed_response", async () => {
        answerWith(half)
        expect(await failure()).toMatchObject({ type: "malformed_response", httpStatus: 200 })
      })

      test("an event that is not JSON: malformed_response", async () => {
        answerWith(`${whole}data: {"broken\n\n${stream.slice(whole.length)}`)
        expect(await failure()).toMatchObject({ type: "malformed_response" })
      })

      test("an event of another form: malformed_response", async () => {
        answerWith(`${whole}data: {"hello":1}\n\ndata: 17\n\n${stream.slice(whole.length)}`)
        expect(await failure()).toMatchObject({ type: "malformed_response" })
      })

      test("reset in the middle: network", async () => {
        answerInParts(whole, (response) => response.socket?.resetAndDestroy())
        expect(await failure()).toMatchObject({ type: "network" })
      })

      test("silent after a piece: timeout by idleMs", async () => {
        answerInParts(whole, () => {})
        expect(await failure({ idleMs: 80 })).toMatchObject({ type: "timeout", message: expect.stringContaining("idleMs") })
        await server.requests[0]?.aborted
      })

      test("headers, and no piece: timeout by firstChunkMs, and not by idleMs", async () => {
        server.answer((_, response) => response.writeHead(200, head).write(": hello\n\n"))
        const error = await failure({ firstChunkMs: 120, idleMs: 30 })
        expect(error).toMatchObject({ type: "timeout", message: expect.stringContaining("firstChunkMs") })
      })

      test("longer than the bound: malformed_response", async () => {
        answerWith(`${whole}: ${"x".repeat(70_000)}\n\n`)
        expect(await failure()).toMatchObject({ type: "malformed_response", message: expect.stringContaining("65536 bytes") })
      })

      test("a failure in its middle is classified", async () => {
        answerWith(`${whole}${subject.overloaded}`)
        expect(await failure()).toMatchObject({ type: "overloaded", httpStatus: 200 })
        expect(told).toEqual(pieces.slice(0, 1))
      })

      test("a failure instead of it is classified", async () => {
        answerWith(subject.overloaded)
        expect(await failure()).toMatchObject({ type: "overloaded" })
      })
    })

    test("aborted in its middle: rejects with the reason and hangs up", async () => {
      const controller = new AbortController()
      const reason = new Error("cancelled")
      answerInParts(whole, () => controller.abort(reason))
      await expect(generate({}, controller.signal)).rejects.toBe(reason)
      await server.requests[0]?.aborted
    })

    test("complete, though the connection breaks after its end", async () => {
      answerInParts(stream, (response) => response.socket?.resetAndDestroy())
      expect(await generate()).toMatchObject(expected)
    })
  })
}

async function sendInPackets(response: ServerResponse, bytes: Buffer, cuts: readonly number[]): Promise<void> {
  response.writeHead(200, head)
  let from = 0
  for (const to of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
    if (!response.write(bytes.subarray(from, to))) await once(response, "drain")
    // Each packet on its own.
    await new Promise((resolve) => setImmediate(resolve))
    from = to
  }
  response.end()
}
