import { describe, expect, test } from "vitest"
import { runFake } from "../testing/run-fake.ts"
import { sampleJob, sampleSuccess } from "../testing/samples.ts"

const { id } = sampleJob()

describe("watch", () => {
  test("prints the answer on standard output, and the rest beside it", async () => {
    const attempts = [
      {
        number: 1,
        run: 1,
        tier: "primary",
        endpoint: "openai-eu",
        provider: "openai",
        model: "gpt-4o-mini",
        region: "eu",
        startedAt: "2026-11-21T11:59:01.000Z",
        durationMs: 30,
        outcome: "failed",
        errorType: "rate_limited",
        httpStatus: 429,
        providerRequestId: null,
        charged: false,
        delayMs: 0,
        usage: null,
        costUsd: 0,
        isCostEstimated: false,
        images: 0,
        credential: "platform",
        batchCallId: null,
      } as const,
      {
        number: 2,
        run: 1,
        tier: "primary",
        endpoint: "azure-us",
        provider: "azure-openai",
        model: "gpt-4o-mini",
        region: "us",
        startedAt: "2026-11-21T11:59:01.100Z",
        durationMs: 1_400,
        outcome: "succeeded",
        errorType: null,
        httpStatus: 200,
        providerRequestId: "r-1",
        charged: false,
        delayMs: null,
        usage: null,
        costUsd: 0.000119,
        isCostEstimated: false,
        images: 0,
        credential: "platform",
        batchCallId: null,
      } as const,
    ]
    const body = sampleSuccess({
      attemptCount: 2,
      attempts: [...attempts],
      output: { text: "Hi\u001b[2J there", json: null, toolCalls: [], finishReason: "stop" },
    })
    const { code, out, notes } = await runFake({ args: ["watch", id], api: { [`GET /v1/jobs/${id}`]: { body } } })
    expect({ code, out }).toEqual({ code: 0, out: "Hi there" })
    expect(notes).toMatchInlineSnapshot(`
      "job_01993f0ac1d27c4e8b60a1b2c3d4e5f6  succeeded
        route     chat
        took      2.5 s
        served by azure-us, gpt-4o-mini
        tokens    412 in, 96 out
        cost      $0.000119

      CALL  TIER     ENDPOINT   MODEL        OUTCOME                    TOOK  THEN WAITED
         1  primary  openai-eu  gpt-4o-mini  failed: rate_limited 429  30 ms         0 ms
         2  primary  azure-us   gpt-4o-mini  succeeded                 1.4 s"
    `)
  })

  test("fetches an output that is too large for the job", async () => {
    const large = sampleSuccess({ output: null, outputUrl: `/v1/jobs/${id}/output` })
    const output = { text: "long", json: null, toolCalls: [], finishReason: "stop" }
    const api = { [`GET /v1/jobs/${id}`]: { body: large }, [`GET /v1/jobs/${id}/output`]: { body: output } }
    expect(await runFake({ args: ["watch", id], api })).toMatchObject({ code: 0, out: "long" })
  })

  test.each([
    [
      "tool calls",
      { text: "", json: null, toolCalls: [{ id: "c", name: "f", arguments: "{}" }], finishReason: "tool_calls" as const },
      '"name": "f"',
    ],
    ["embeddings", { embeddings: [[0.5]], dimensions: 1 }, '"dimensions": 1'],
  ])("prints %s as JSON", async (_what, output, words) => {
    const { out } = await runFake({ args: ["watch", id], api: { [`GET /v1/jobs/${id}`]: { body: sampleSuccess({ output }) } } })
    expect(out).toContain(words)
  })
})

test("cancel says whether it did", async () => {
  const answer = (status: "cancelled" | "succeeded") => ({ [`POST /v1/jobs/${id}/cancel`]: { body: sampleJob({ status }) } })
  expect(await runFake({ args: ["cancel", id], api: answer("cancelled") })).toMatchObject({ code: 0, out: `${id} is cancelled` })
  expect(await runFake({ args: ["cancel", id], api: answer("succeeded") })).toMatchObject({
    code: 1,
    out: `${id} had ended before: succeeded`,
  })
})

test("jobs says what each waits for, who answered it, or why it failed, within the terminal", async () => {
  const waiting = sampleJob({
    waiting: {
      reason: "rate_limited",
      endpoint: "openai-eu",
      since: "2026-11-21T11:59:30.000Z",
      until: "2026-11-21T12:00:09.000Z",
      hint: null,
    },
  })
  const failed = sampleJob({
    status: "failed",
    finishedAt: "2026-11-21T11:59:03.000Z",
    error: {
      type: "context_length",
      message: "azure-us: the input has 130,212 tokens, its model takes 128,000.",
      retryable: false,
      endpoint: "azure-us",
      httpStatus: 400,
      providerCode: null,
      providerRequestId: null,
    },
  })
  const data = [waiting, sampleSuccess(), failed]
  const api = { "GET /v1/jobs": { body: { data, nextCursor: null } } }
  expect((await runFake({ args: ["jobs"], api, columns: 120 })).out).toMatchInlineSnapshot(`
    "JOB                                   STATUS     ROUTE  CREATED     TOOK  CALLS  WHAT
    job_01993f0ac1d27c4e8b60a1b2c3d4e5f6  queued     chat   1 min ago             0  waits: rate_limited at openai-eu, agai…
    job_01993f0ac1d27c4e8b60a1b2c3d4e5f6  succeeded  chat   1 min ago  2.5 s      1  azure-us, gpt-4o-mini
    job_01993f0ac1d27c4e8b60a1b2c3d4e5f6  failed     chat   1 min ago  3.0 s      0  context_length: azure-us: the input ha…"
  `)
  expect((await runFake({ args: ["jobs"], api, columns: 60 })).out).toMatchInlineSnapshot(`
    "JOB                                   STATUS     ROUTE  CREATED
    job_01993f0ac1d27c4e8b60a1b2c3d4e5f6  queued     chat   1 min ago
    job_01993f0ac1d27c4e8b60a1b2c3d4e5f6  succeeded  chat   1 min ago
    job_01993f0ac1d27c4e8b60a1b2c3d4e5f6  failed     chat   1 min ago"
  `)
  expect((await runFake({ args: ["jobs", "--json"], api })).out).toBe(data.map((job) => JSON.stringify(job)).join("\n"))
})

describe("submit", () => {
  const api = {
    "GET /v1/routes": {
      body: {
        data: [
          { name: "chat", kind: "chat" },
          { name: "any", kind: "custom" },
        ],
        nextCursor: null,
      },
    },
    "POST /v1/jobs": { status: 202, body: sampleJob() },
  }

  test("puts the command line into a submission", async () => {
    const args = [
      "submit",
      "chat",
      "-p",
      "Hi",
      "--system",
      "Be brief",
      "--temperature",
      "0.2",
      "--expires-in",
      "10m",
      "--fallback",
      "any",
      "--max-cost",
      "0.05",
      "--webhook",
      "https://a.example",
      "--metadata",
      "a=1",
      "--metadata",
      "b=2",
    ]
    const { calls } = await runFake({ args, api })
    expect(calls[1]?.body).toEqual({
      route: "chat",
      input: {
        messages: [
          { role: "system", content: "Be brief" },
          { role: "user", content: "Hi" },
        ],
        temperature: 0.2,
      },
      options: { expiresInMs: 600_000, fallback: "any", maxCostUsd: 0.05 },
      webhook: { url: "https://a.example" },
      metadata: { a: "1", b: "2" },
    })
  })

  test("is accepted even while the routes cannot be listed", async () => {
    const problem = {
      type: "",
      code: "conflict",
      title: "t",
      status: 409,
      detail: "d",
      instance: "",
      requestId: "r",
      retryable: false,
      errors: [],
    }
    const { code, out } = await runFake({
      args: ["submit", "chat", "-p", "Hi"],
      api: { ...api, "GET /v1/routes": { status: 409, body: problem } },
    })
    expect({ code, out }).toEqual({ code: 0, out: id })
  })

  test.each([
    [["submit", "any", "-p", "Hi"], "whose input is any JSON"],
    [["submit", "chat", "-p", "Hi", "--input", "x.json"], "cannot be used with"],
    [["submit", "chat", "--file", "/no/such/file"], "There is no file /no/such/file."],
  ])("%j is refused", async (args, words) => {
    const { code, notes } = await runFake({ args, api })
    expect(code).toBe(2)
    expect(notes).toContain(words)
  })

  test("input that is no JSON is refused", async () => {
    expect(await runFake({ args: ["submit", "any", "--input", "-"], api, input: "{" })).toMatchObject({
      code: 2,
      notes: expect.stringContaining("is not JSON"),
    })
  })
})

test("Ctrl-C ends a command with 130", async () => {
  const person = new AbortController()
  person.abort()
  expect(await runFake({ args: ["watch", id], signal: person.signal })).toMatchObject({ code: 130, notes: "" })
})
