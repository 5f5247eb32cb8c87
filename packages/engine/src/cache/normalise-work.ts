import type { ChatInput, ChatMessage, ContentPart, Tool, Work } from "@sluice/core"

/** A work in one spelling: two that no provider could tell apart are equal. What is undefined is as good as absent. */
export type NormalWork = { readonly kind: Work["kind"]; readonly input: unknown }

/** A chat's input in that spelling, still with names of its parts. */
export interface NormalChat {
  readonly messages: readonly NormalMessage[]
  readonly tools: readonly Tool[] | undefined
  readonly toolChoice: ChatInput["toolChoice"]
  readonly responseFormat: ChatInput["responseFormat"]
  readonly providerOptions: ChatInput["providerOptions"]
  /** Temperature, length and the like: they change how the question is answered, not the question. */
  readonly sampling: Pick<ChatInput, "maxOutputTokens" | "temperature" | "topP" | "stop">
}

export interface NormalMessage {
  readonly role: ChatMessage["role"]
  readonly content: readonly ContentPart[]
  readonly toolCalls: Extract<ChatMessage, { role: "assistant" }>["toolCalls"]
  readonly toolCallId: string | undefined
}

/** Leaves out defaults that are spelled out. White space and case stay: they can matter to a model. */
export function normaliseWork(work: Work): NormalWork {
  switch (work.kind) {
    case "chat":
      return { kind: work.kind, input: normaliseChat(work.input) }
    case "embedding":
    case "image":
      return { kind: work.kind, input: { ...work.input, providerOptions: withoutEmpty(work.input.providerOptions) } }
    case "custom":
      return work
  }
}

export function normaliseChat({ messages, tools, toolChoice, responseFormat, providerOptions, ...sampling }: ChatInput): NormalChat {
  const offered = unlessEmpty(tools)
  return {
    messages: messages.map(normaliseMessage),
    tools: offered,
    toolChoice: offered && toolChoice !== "auto" ? toolChoice : undefined,
    responseFormat: responseFormat?.type === "text" ? undefined : responseFormat,
    providerOptions: withoutEmpty(providerOptions),
    sampling: { ...sampling, stop: unlessEmpty(sampling.stop) },
  }
}

function normaliseMessage(message: ChatMessage): NormalMessage {
  return {
    role: message.role,
    content: partsOf(message.content),
    toolCalls: message.role === "assistant" ? unlessEmpty(message.toolCalls) : undefined,
    toolCallId: message.role === "tool" ? message.toolCallId : undefined,
  }
}

function partsOf(content: ChatMessage["content"]): readonly ContentPart[] {
  if (content === null || content === undefined) return []
  return typeof content === "string" ? [{ type: "text", text: content }] : content
}

function unlessEmpty<T>(list: T[] | undefined): T[] | undefined {
  return list && list.length > 0 ? list : undefined
}

function withoutEmpty(options: ChatInput["providerOptions"]): ChatInput["providerOptions"] {
  const given = Object.entries(options ?? {}).filter(([, ofProvider]) => Object.keys(ofProvider).length > 0)
  return given.length > 0 ? Object.fromEntries(given) : undefined
}
