import type Anthropic from "@anthropic-ai/sdk"
import type { OpenAI } from "openai"
import { describe, expect, test } from "vitest"
import type { Completion } from "../src/answers/completion.ts"
import { buildMessage, type MessageOutput } from "../src/anthropic/messages-response.ts"
import { buildChatCompletion, type ChatOutput } from "../src/openai/chat-response.ts"

const context = { id: "1", createdSeconds: 5, origin: "http://sim", flavour: "plain" } as const
const completion: Completion = {
  text: "Hi",
  toolCall: { name: "save", arguments: "{}" },
  finish: "tool_call",
  stopSequence: null,
  outputTokens: 1,
}

/** The compiler is the judge here: what the simulator writes must be what the official clients declare. */
describe("a body", () => {
  test("is OpenAI's", () => {
    const output: ChatOutput = { completion, choices: 1, outputTokens: 1, promptTokens: 2, model: "m", filterReport: null }
    const body: OpenAI.ChatCompletion = buildChatCompletion(output, context)
    expect(body).toMatchObject({ id: "chatcmpl-1", created: 5, usage: { total_tokens: 3 } })
  })

  test("is Anthropic's", () => {
    const output: MessageOutput = { completion, promptTokens: 2, model: "m" }
    const body: Omit<Anthropic.Message, "content"> = buildMessage(output, context)
    expect(body).toMatchObject({ id: "msg_1", usage: { input_tokens: 2, output_tokens: 1 } })
  })
})
