import type { Json, TierConfig, Work } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import type { AnswerCache } from "../cache/answer-cache.ts"
import { chatOutput, chatWork, createCacheHarness, type JobParts, jobOf, noSignal, routeOf } from "../cache/testing/answer-cache-harness.ts"
import { createSchemaCache } from "../structure/schema-cache.ts"
import { defineRule } from "./rules/rule.ts"
import { ruleBookOf } from "./rules/rules.ts"
import { createTierAnswers, type LocalTierConfig, type TierAnswersDependencies, type TierFailure } from "./tier-answers.ts"

const noCache: AnswerCache = {
  lookup: () => Promise.resolve(null),
  lastGood: () => Promise.resolve(null),
  remember: () => Promise.resolve(),
}

function setUp(dependencies: Partial<TierAnswersDependencies> = {}) {
  const failures: TierFailure[] = []
  const answerOf = createTierAnswers({
    answers: noCache,
    schemas: createSchemaCache(),
    onFailure: (failure) => failures.push(failure),
    ...dependencies,
  })
  const ask = (tier: LocalTierConfig, job: JobParts = {}) => answerOf({ job: jobOf(job), route: routeOf(), tier, signal: noSignal })
  return { ask, failures }
}

const nothing = { cache: null, origin: null, schemaValid: null }
const text = (output: Json): Extract<TierConfig, { name: "static" }> => ({ name: "static", output })
const titled = (content: string): Work =>
  chatWork(content, {
    responseFormat: {
      type: "json_schema",
      name: "r",
      schema: { type: "object", required: ["title"], properties: { title: { type: "string" } } },
    },
  })

describe("the static tier", () => {
  const { ask } = setUp()

  test("gives the text that was written down, as an output of the route's kind", async () => {
    expect(await ask(text({ text: "Later, please." }))).toEqual({ ...nothing, output: chatOutput("Later, please."), quality: "minimal" })
    expect(await ask(text("Later, please."))).toMatchObject({ output: chatOutput("Later, please.") })
    expect(await ask(text({ class: "unknown" }), { work: { kind: "custom", input: 1 } })).toMatchObject({
      output: { kind: "custom", output: { class: "unknown" } },
    })
    const picture = { images: [{ url: "https://a.example/1.png", contentType: "image/png", width: null, height: null }] }
    expect(await ask(text(picture), { work: { kind: "image", input: { prompt: "x" } } })).toMatchObject({
      output: { kind: "image", output: picture },
    })
  })

  test("gives that of the job's task, if there is one", async () => {
    const tier = { ...text("in general"), tasks: { summary: "no summary" } }
    const ofTask = (task: string | null) => ask(tier, { options: { task } })
    expect(await ofTask("summary")).toMatchObject({ output: chatOutput("no summary") })
    expect(await ofTask("other")).toMatchObject({ output: chatOutput("in general") })
    expect(await ofTask("constructor")).toMatchObject({ output: chatOutput("in general") })
    expect(await ofTask(null)).toMatchObject({ output: chatOutput("in general") })
  })

  test("gives JSON that satisfies the schema, and nothing that does not", async () => {
    const expected = chatOutput('{"title":"none"}', { json: { title: "none" } })
    for (const output of [{ title: "none" }, '{"title":"none"}', { text: '{"title":"none"}' }]) {
      expect(await ask(text(output), { work: titled("x") })).toEqual({
        ...nothing,
        output: expected,
        quality: "minimal",
        schemaValid: true,
      })
    }
    for (const output of ["sorry", { text: "sorry" }, { title: 5 }]) expect(await ask(text(output), { work: titled("x") })).toBeNull()
  })

  test("gives nothing where only the call of a tool will do", async () => {
    const work = chatWork("x", { tools: [{ name: "t", parameters: {} }], toolChoice: "required" })
    expect(await ask(text("sorry"), { work })).toBeNull()
  })
})

describe("the rules tier", () => {
  const good = chatWork("Good.")
  const sentiment = { name: "rules", rule: "keyword-sentiment" } as const

  test("answers by the rule, as text or as the JSON that was asked for", async () => {
    const { ask } = setUp()
    expect(await ask(sentiment, { work: good })).toEqual({ ...nothing, output: chatOutput("positive"), quality: "generic" })
    const asObject = chatWork("Good.", { responseFormat: { type: "json_object" } })
    const json = { sentiment: "positive", score: 0.25 }
    expect(await ask(sentiment, { work: asObject })).toMatchObject({ output: chatOutput(JSON.stringify(json), { json }) })
    expect(await ask(sentiment, { work: titled("Good.") })).toBeNull()
    const shaped = { ...sentiment, options: { json: { title: "{{sentiment}}" } } }
    expect(await ask(shaped, { work: titled("Good.") })).toMatchObject({
      output: { output: { json: { title: "positive" } } },
      schemaValid: true,
    })
  })

  test("uses the rule of the job's task, with what the job says of itself", async () => {
    const { ask } = setUp()
    const order = { rule: "template", options: { output: "Order {{metadata.id}}, {{task}}" } }
    const job = { work: good, metadata: { id: "81" } }
    expect(await ask({ ...sentiment, tasks: { order } }, { ...job, options: { task: "order" } })).toMatchObject({
      output: chatOutput("Order 81, order"),
    })
    expect(await ask({ ...sentiment, tasks: { order } }, { ...job, options: { task: "other" } })).toMatchObject({
      output: chatOutput("positive"),
    })
  })

  test("has no answer when the rule has none, is unknown, is for another kind, or its options are wrong", async () => {
    const { ask, failures } = setUp()
    expect(await ask(sentiment, { work: chatWork("The box.") })).toBeNull()
    expect(await ask({ name: "rules", rule: "unknown" })).toBeNull()
    expect(await ask(sentiment, { work: { kind: "image", input: { prompt: "good" } } })).toBeNull()
    expect(await ask({ ...sentiment, options: { extra: 1 } }, { work: good })).toBeNull()
    expect(failures).toEqual([])
  })

  test("takes rules of one's own, and tells when one breaks", async () => {
    const echo = defineRule({
      name: "echo",
      kinds: ["custom"],
      options: z.strictObject({ times: z.int() }),
      answer({ work }, { times }) {
        if (times < 0) throw new RangeError("less than never")
        return times === 0 ? null : Array.from({ length: times }, () => JSON.parse(JSON.stringify(work.input)))
      },
    })
    const { ask, failures } = setUp({ rules: ruleBookOf([echo]) })
    const job = { id: "job_1", work: { kind: "custom", input: "hi" } } as const
    const times = (count: number) => ask({ name: "rules", rule: "echo", options: { times: count } }, job)
    expect(await times(2)).toMatchObject({ output: { kind: "custom", output: ["hi", "hi"] }, quality: "generic" })
    expect(await times(0)).toBeNull()
    expect(await ask({ name: "rules", rule: "echo", options: { times: 2 } })).toBeNull()
    expect(await times(-1)).toBeNull()
    expect(failures).toEqual([{ tier: "rules", jobId: "job_1", error: new RangeError("less than never") }])
  })
})

describe("the cache tier", () => {
  const route = routeOf({ tiers: [{ name: "primary", endpoints: ["a"] }, { name: "cache" }], cache: { similar: { threshold: 0.8 } } })

  test("gives what was answered before, however old, with how it was found and who gave it", async () => {
    const { answers, remember, advance } = createCacheHarness({ route })
    await remember(jobOf({ work: chatWork("Where is my umbrella?") }), "at home")
    advance(6 * 86_400_000)
    const answerOf = createTierAnswers({ answers, schemas: createSchemaCache(), onFailure() {} })
    const ask = (content: string, tenantId = "default") =>
      answerOf({ job: jobOf({ work: chatWork(content), tenantId }), route, tier: { name: "cache" }, signal: noSignal })
    expect(await ask("Where is my umbrella?")).toEqual({
      output: chatOutput("at home"),
      quality: "stale",
      cache: { kind: "exact", ageMs: 6 * 86_400_000, similarity: 1 },
      origin: { quality: "full", served: { tier: "primary", endpoint: "a", provider: "openai", model: "m-1", region: null } },
      schemaValid: null,
    })
    expect(await ask("Where is my umbrella, please?")).toMatchObject({ quality: "stale", cache: { kind: "semantic" } })
    expect(await ask("Who are you?")).toBeNull()
    expect(await ask("Where is my umbrella?", "other")).toBeNull()
  })
})
