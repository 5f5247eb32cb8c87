import { readFileSync } from "node:fs"
import { createAnthropicProvider } from "../src/anthropic/create-anthropic-provider.ts"
import { createAzureOpenaiProvider } from "../src/azure-openai/create-azure-openai-provider.ts"
import { createOpenaiProvider } from "../src/openai/create-openai-provider.ts"
import { type StreamingSubject, streamingConformance } from "../src/testing/streaming-conformance.ts"

const text = (name: string): string => readFileSync(new URL(`../src/${name}`, import.meta.url), "utf8")
const bodyOf = (name: string): object => JSON.parse(text(name)).body

const pieces = ["A sluice ", "holds the rivière ", "back 🌊."]
const generated = {
  kind: "chat" as const,
  output: { text: pieces.join(""), json: null, toolCalls: [], finishReason: "stop" as const },
}

const openai: Omit<StreamingSubject, "provider" | "create"> = {
  stream: text("openai/fixtures/chat-stream.txt"),
  pieces,
  expected: { generated, model: "gpt-4o-mini-2024-07-18", usage: { inputTokens: 1_412, cachedInputTokens: 1_280, outputTokens: 96 } },
  overloaded: 'data: {"error":{"message":"The engine is overloaded.","type":"server_error","code":"server_is_overloaded"}}\n\n',
  unstreamed: bodyOf("openai/fixtures/chat-completion.json"),
}

streamingConformance({ provider: "openai", create: createOpenaiProvider, ...openai })
streamingConformance({ provider: "azure-openai", create: createAzureOpenaiProvider, ...openai })
streamingConformance({
  provider: "anthropic",
  create: createAnthropicProvider,
  stream: text("anthropic/fixtures/message-stream.txt"),
  pieces,
  expected: { generated, model: "claude-sonnet-4-5-20250929", usage: { inputTokens: 1_412, cachedInputTokens: 1_280, outputTokens: 96 } },
  overloaded: 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
  unstreamed: bodyOf("anthropic/fixtures/message.json"),
})
