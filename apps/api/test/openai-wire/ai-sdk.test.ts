import { createOpenAICompatible } from "@ai-sdk/openai-compatible"
import { embed, generateText, Output, stepCountIs, streamText, tool } from "ai"
import { afterAll, beforeAll, expect, test } from "vitest"
import { z } from "zod"
import { adminKey, type Installation, startInstallation } from "./support/installation.ts"

let installation: Installation
let sluice: ReturnType<typeof createOpenAICompatible>

beforeAll(async () => {
  installation = await startInstallation()
  sluice = createOpenAICompatible({
    name: "sluice",
    baseURL: `${installation.url}/openai/v1`,
    apiKey: adminKey,
    headers: { "x-sluice-tenant": installation.tenant },
    includeUsage: true,
    supportsStructuredOutputs: true,
  })
})
afterAll(() => installation.close())

const look = tool({
  description: "Looks at a river.",
  inputSchema: z.object({ river: z.string() }),
  execute: () => Promise.resolve("It is high."),
})

test("Vercel's AI SDK generates text", async () => {
  const { text, usage, finishReason } = await generateText({ model: sluice("chat"), prompt: "What does a sluice do?" })
  expect(text).toMatch(/./)
  expect(finishReason).toBe("stop")
  expect(usage.outputTokens).toBeGreaterThan(0)
})

test("it streams text, with usage at the end", async () => {
  const result = streamText({ model: sluice("chat"), prompt: "Tell me about rivers." })
  const pieces: string[] = []
  for await (const piece of result.textStream) pieces.push(piece)
  expect(pieces.join("")).toBe(await result.text)
  expect(pieces.join("")).toMatch(/./)
  expect((await result.usage).outputTokens).toBeGreaterThan(0)
})

test("it has tools called, and goes on with their results, whole and as a stream", async () => {
  const options = { model: sluice("chat"), tools: { look }, prompt: "Please look at the Rhine.", stopWhen: stepCountIs(3) }
  const { steps, text } = await generateText(options)
  expect(steps.map((step) => step.toolCalls.map(({ toolName }) => toolName))).toEqual([["look"], []])
  expect(text).toMatch(/./)
  const streamed = streamText(options)
  await streamed.consumeStream()
  expect((await streamed.steps).map((step) => step.toolResults.map(({ output }) => output))).toEqual([["It is high."], []])
})

test("it gets an object that fits a schema", async () => {
  const { output } = await generateText({
    model: sluice("chat"),
    output: Output.object({ schema: z.object({ name: z.string(), lengthKm: z.number() }) }),
    prompt: "Which river?",
  })
  expect(output).toEqual({ name: expect.any(String), lengthKm: expect.any(Number) })
})

test("it embeds", async () => {
  const { embedding } = await embed({ model: sluice.embeddingModel("embed"), value: "A river" })
  expect(embedding.length).toBe(256)
})
