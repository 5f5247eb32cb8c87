import type { AdmitOutcome } from "@sluice/core"
import { createMemoryTracer, type TracedSpan } from "@sluice/core/testing"
import { describe, expect, test } from "vitest"
import { always, catalogOf, createHarness, type HarnessOptions, inOrder } from "../testing/harness.ts"
import { openAdmission } from "../testing/open-admission.ts"

const traceId = "0af7651916cd43dd8448eb211c80319c"
const submit = "b7ad6b7169203331"
const prompt = "the words of the caller"
const work = { kind: "chat" as const, input: { messages: [{ role: "user" as const, content: prompt }], maxOutputTokens: 50 } }

async function traced(options: HarnessOptions = {}, { keepsContent = false, flags = "01" } = {}) {
  const tracer = createMemoryTracer({ keepsContent })
  const job = { work, traceparent: `00-${traceId}-${submit}-${flags}`, ...options.job }
  const harness = await createHarness({ ...options, job, tracer })
  return { ...harness, spans: tracer.spans, named: (name: string) => tracer.spans().filter((span) => span.name === name) }
}

const about = ({ name, attributes }: TracedSpan) => [name, attributes["sluice.endpoint"], attributes["error.type"]]

describe("the trace of an execution", () => {
  test("goes on with the job's trace; each call is a span in it, by the conventions for generative AI", async () => {
    const { executeOnce, spans, job } = await traced()
    await executeOnce()
    const [call, execution] = spans()
    expect(execution).toMatchObject({ name: "execute chat", kind: "consumer", traceId, parentId: submit, failed: false })
    expect(execution?.attributes).toMatchObject({ "sluice.job.id": job.id, "sluice.job.status": "succeeded", "sluice.quality": "full" })
    expect(call).toMatchObject({ name: "chat m", kind: "client", traceId, parentId: execution?.spanId })
    expect(call?.attributes).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "m",
      "gen_ai.request.max_tokens": 50,
      "gen_ai.response.model": "m-2026",
      "gen_ai.usage.input_tokens": 1_000,
      "gen_ai.usage.cache_read.input_tokens": 200,
      "gen_ai.usage.output_tokens": 500,
      "gen_ai.response.finish_reasons": ["stop"],
      "http.response.status_code": 200,
      "server.address": "127.0.0.1",
      "server.port": 1,
      "sluice.tier": "primary",
      "sluice.attempt.number": 1,
    })
  })

  test("says what the job waits for, in the execution that ends and in the next", async () => {
    const script = inOrder({ error: "overloaded" }, { error: "timeout" }, { text: "hi" })
    const { executeToEnd, named, spans } = await traced({ script })
    await executeToEnd()
    const [first, second] = named("execute chat")
    expect(first?.attributes["sluice.job.status"]).toBe("queued")
    expect(first?.events).toMatchObject([{ name: "sluice.handed_back", attributes: { "sluice.wait.reason": "retry_backoff" } }])
    expect(second?.events).toMatchObject([{ name: "sluice.waited", attributes: { "sluice.wait.reason": "retry_backoff" } }])
    expect(second?.events[0]?.attributes["sluice.wait.duration_ms"]).toBeGreaterThan(0)
    const calls = spans().filter(({ kind }) => kind === "client")
    expect(calls.map(about)).toEqual([
      ["chat m", "a", "overloaded"],
      ["chat m", "b", "timeout"],
      ["chat m", expect.any(String), undefined],
    ])
    expect(calls.map(({ parentId }) => parentId)).toEqual([first?.spanId, first?.spanId, second?.spanId])
  })

  test("shows the tiers that were passed, and which one answered", async () => {
    const answer = (): AdmitOutcome => ({
      kind: "refused",
      reason: "breaker_open",
      endpoint: "a",
      retryInMs: 15_000,
      unavailableSinceMs: 0,
    })
    const tiers = [{ name: "primary", endpoints: ["a"] }, { name: "cache" }, { name: "static", output: { text: "Later." } }]
    const catalog = catalogOf({ endpoints: { a: {} }, route: { tiers, cache: { exact: { ttlMs: 60_000 } } } })
    const plain = await createHarness({})
    const job = { options: { ...plain.job.options, fallback: "any" as const, degradeAfterMs: 0 } }
    const { executeToEnd, spans, named } = await traced({ catalog, job, admission: openAdmission({ answer }) })
    await executeToEnd()
    expect(spans().map(({ name, attributes }) => [name, attributes["sluice.hit"]])).toEqual([
      ["cache lookup", false],
      ["tier cache", false],
      ["tier static", true],
      ["execute chat", undefined],
    ])
    const [execution] = named("execute chat")
    expect(execution?.events).toMatchObject([
      { name: "sluice.tier_passed", attributes: { "sluice.tier": "primary", "sluice.reason": "breaker_open" } },
    ])
    expect(execution?.attributes).toMatchObject({ "sluice.degraded": true, "sluice.served.tier": "static", "sluice.quality": "minimal" })
  })

  test("a failed job's span has the class of its error, and so has an execution that was overtaken its reason", async () => {
    const failed = await traced({ script: always({ error: "invalid_input" }) })
    await failed.executeToEnd()
    expect(failed.named("execute chat")).toMatchObject([{ failed: true, attributes: { "error.type": "invalid_input" } }])

    const { store, job, executeOnce, named } = await traced({
      script: async () => {
        await store.cancel({ tenantId: job.tenantId, id: job.id, at: job.createdAt, eventId: "evt_1" })
        return { text: "late" }
      },
    })
    await executeOnce()
    expect(named("execute chat")[0]?.attributes["sluice.execution.overtaken"]).toBeDefined()
  })

  test("holds nothing of what was said, unless that is asked for", async () => {
    const silent = await traced({ script: always({ text: "the words of the model" }) })
    await silent.executeOnce()
    expect(JSON.stringify(silent.spans())).not.toContain("the words of")

    const open = await traced({ script: always({ text: "the words of the model" }) }, { keepsContent: true })
    await open.executeOnce()
    const [call] = open.named("chat m")
    expect(call?.attributes["gen_ai.input.messages"]).toContain(prompt)
    expect(call?.attributes["gen_ai.output.messages"]).toContain("the words of the model")
  })

  test("is not written where the caller does not keep its trace", async () => {
    const { executeOnce, spans } = await traced({}, { flags: "00" })
    await executeOnce()
    expect(spans()).toEqual([])
  })
})
