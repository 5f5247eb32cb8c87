import type { Endpoint, GeneratedOutput, ProviderName, SpanAttributes, Work } from "@sluice/core"

// The names are those of OpenTelemetry's conventions for generative AI. Written out, since the package that lists them deprecates them.

const providerNames: Readonly<Record<ProviderName, string>> = {
  openai: "openai",
  "azure-openai": "azure.ai.openai",
  anthropic: "anthropic",
  http: "http",
}

const operations: Readonly<Record<Work["kind"], string>> = {
  chat: "chat",
  embedding: "embeddings",
  image: "generate_content",
  custom: "custom",
}

export function operationOf(work: Work): string {
  return operations[work.kind]
}

/** What is asked, without what is said. */
export function requestAttributes({ provider, model, baseUrl }: Endpoint, work: Work): SpanAttributes {
  const url = URL.parse(baseUrl)
  return {
    "gen_ai.operation.name": operationOf(work),
    "gen_ai.provider.name": providerNames[provider],
    "gen_ai.request.model": model,
    "gen_ai.output.type": work.kind === "image" ? "image" : outputTypeOf(work),
    "gen_ai.request.max_tokens": work.kind === "chat" ? work.input.maxOutputTokens : null,
    "gen_ai.request.temperature": work.kind === "chat" ? work.input.temperature : null,
    "gen_ai.request.top_p": work.kind === "chat" ? work.input.topP : null,
    "server.address": url?.hostname,
    "server.port": url ? portOf(url) : null,
  }
}

function outputTypeOf(work: Work): string | null {
  if (work.kind !== "chat") return null
  const type = work.input.responseFormat?.type ?? "text"
  return type === "text" ? "text" : "json"
}

export function portOf({ port, protocol }: Pick<URL, "port" | "protocol">): number {
  if (port !== "") return Number(port)
  return protocol === "https:" ? 443 : 80
}

/** What is said: only where the operator has asked for it. */
export function contentAttributes(work: Work, generated: GeneratedOutput | null): SpanAttributes {
  return {
    "gen_ai.input.messages": JSON.stringify(inputOf(work)),
    "gen_ai.output.messages": generated && JSON.stringify(outputOf(generated)),
  }
}

function inputOf(work: Work): readonly object[] {
  if (work.kind === "chat") return work.input.messages.map(({ role, content }) => ({ role, parts: partsOf(content ?? "") }))
  return [{ role: "user", parts: partsOf(textOf(work)) }]
}

function textOf(work: Exclude<Work, { kind: "chat" }>): string {
  if (work.kind === "image") return work.input.prompt
  return JSON.stringify(work.kind === "embedding" ? work.input.texts : work.input)
}

type Content = Extract<Work, { kind: "chat" }>["input"]["messages"][number]["content"]

function partsOf(content: NonNullable<Content>): readonly object[] {
  if (typeof content === "string") return [{ type: "text", content }]
  return content.map((part) => (part.type === "text" ? { type: "text", content: part.text } : { type: "uri", modality: "image" }))
}

/** Vectors and images tell a reader nothing. */
function outputOf(generated: GeneratedOutput): readonly object[] {
  if (generated.kind !== "chat") return []
  const { text, finishReason } = generated.output
  return [{ role: "assistant", parts: partsOf(text), finish_reason: finishReason }]
}
