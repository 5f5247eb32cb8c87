import { readFileSync } from "node:fs"
import { beforeEach, describe, expect, onTestFinished, test } from "vitest"
import { createOpenaiProvider } from "../src/openai/create-openai-provider.ts"
import { sampleCall } from "../src/testing/sample-call.ts"
import { type ScriptedServer, startScriptedServer } from "../src/testing/scripted-server.ts"

const read = (name: string): string => readFileSync(new URL(`../src/openai/fixtures/${name}`, import.meta.url), "utf8")
const whole = JSON.stringify(JSON.parse(read("chat-completion.json")).body)
const refusal = JSON.stringify({ error: { message: "Extra inputs are not permitted", type: "invalid_request_error", code: null } })

let server: ScriptedServer
let nowMs = 0
beforeEach(async () => {
  server = await startScriptedServer()
  onTestFinished(() => server.close())
})

function setUp() {
  const provider = createOpenaiProvider({ now: () => nowMs })
  onTestFinished(() => provider.close())
  const call = sampleCall({ provider: "openai", endpoint: { baseUrl: `${server.url}/v1` } })
  const generate = () => provider.generate({ ...call, onDelta: () => undefined })
  const streams = () => server.requests.map(({ body }) => "stream" in JSON.parse(body))
  return { generate, streams }
}

function refuseStreams(): void {
  server.answer(({ body }, response) => {
    const isRefused = "stream" in JSON.parse(body)
    response.writeHead(isRefused ? 400 : 200, { "content-type": "application/json" }).end(isRefused ? refusal : whole)
  })
}

describe("a server that refuses to stream", () => {
  test("is asked in one piece, and not for streams again for ten minutes", async () => {
    const { generate, streams } = setUp()
    refuseStreams()
    expect(await generate()).toMatchObject({ httpStatus: 200, generated: { kind: "chat" } })
    await generate()
    expect(streams()).toEqual([true, false, false])
    nowMs += 600_000
    await generate()
    expect(streams()).toEqual([true, false, false, true, false])
  })

  test("is believed when it refuses the call in one piece as well: the input is wrong, and nothing is learned", async () => {
    const { generate, streams } = setUp()
    server.answer((_, response) => response.writeHead(400, { "content-type": "application/json" }).end(refusal))
    await expect(generate()).rejects.toMatchObject({ type: "invalid_input", httpStatus: 400 })
    await expect(generate()).rejects.toMatchObject({ type: "invalid_input" })
    expect(streams()).toEqual([true, false, true, false])
  })

  test("is not asked twice once it has streamed", async () => {
    const { generate, streams } = setUp()
    server.answer((_, response) => response.writeHead(200, { "content-type": "text/event-stream" }).end(read("chat-stream.txt")))
    await generate()
    server.answer((_, response) => response.writeHead(400, { "content-type": "application/json" }).end(refusal))
    await expect(generate()).rejects.toMatchObject({ type: "invalid_input" })
    expect(streams()).toEqual([true, true])
  })
})
