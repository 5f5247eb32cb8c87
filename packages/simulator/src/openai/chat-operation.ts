import { chooseTool, type ToolChoice } from "../answers/choose-tool.ts"
import { type CompletionRequest, complete, type Tool } from "../answers/completion.ts"
import type { Prompt } from "../answers/prompt.ts"
import { splitText } from "../answers/split-text.ts"
import { accepted, type Checked, refused } from "../wire/refusal.ts"
import { describeIssue } from "../wire/request-issue.ts"
import { firstBroken } from "../wire/rules.ts"
import type { AcceptedCall, Answer, AnswerContext, AnswerSettings, Operation } from "../wire/wire.ts"
import { readPrompt } from "./chat-prompt.ts"
import { type ChatRequest, chatRequestSchema } from "./chat-request.ts"
import { buildChatCompletion, type ChatOutput, type FilterReport } from "./chat-response.ts"
import { chatRules } from "./chat-rules.ts"
import { buildChatEvents } from "./chat-stream.ts"

/** Where the services that speak this protocol differ. */
export interface ChatDialect {
  /** The model that the path names; null where the body does. */
  readonly pathModel: string | null
  /** Reported with every answer; null for none. */
  readonly filterReport: FilterReport | null
  readonly onFilteredPrompt: AcceptedCall["onFilteredPrompt"]
}

/** `chat/completions` of OpenAI and of those who speak its protocol. */
export function createChatOperation(dialect: ChatDialect): Operation {
  return {
    name: "chat",
    accept({ body, answers }) {
      const checked = checkRequest(body, dialect)
      return checked.ok ? accepted(toCall(checked.value, dialect, answers)) : checked
    },
  }
}

interface CheckedRequest {
  readonly request: ChatRequest
  readonly model: string
}

function checkRequest(body: unknown, { pathModel }: ChatDialect): Checked<CheckedRequest> {
  const parsed = chatRequestSchema.safeParse(body)
  if (!parsed.success) return refused({ reason: "invalid_request", issue: describeIssue(parsed.error.issues, body) })
  const request = parsed.data
  const model = pathModel ?? request.model
  if (model === undefined) return refused({ reason: "invalid_request", issue: { path: ["model"], fault: { kind: "missing" } } })
  const issue = firstBroken(chatRules(model), request)
  return issue === null ? accepted({ request, model }) : refused({ reason: "invalid_request", issue })
}

function toCall({ request, model }: CheckedRequest, dialect: ChatDialect, answers: AnswerSettings): AcceptedCall {
  const prompt = readPrompt(request)
  const choices = request.n ?? 1
  const maxTokens = request.max_completion_tokens ?? request.max_tokens ?? null
  const completionRequest = toCompletionRequest(request, prompt, maxTokens)
  return {
    model,
    promptTokens: prompt.tokens,
    maxOutputTokens: maxTokens === null ? null : maxTokens * choices,
    promptText: prompt.allText,
    onFilteredPrompt: dialect.onFilteredPrompt,
    stream: request.stream === true,
    answer(context) {
      const completion = complete(completionRequest, { flavour: context.flavour, answers })
      const outputTokens = completion.outputTokens * choices
      const output = { completion, choices, outputTokens, promptTokens: prompt.tokens, model, filterReport: dialect.filterReport }
      return toAnswer(request, output, context, answers)
    },
  }
}

function toAnswer(request: ChatRequest, output: ChatOutput, context: AnswerContext, { chunkCharacters }: AnswerSettings): Answer {
  const { outputTokens } = output
  if (request.stream !== true) return { kind: "json", body: JSON.stringify(buildChatCompletion(output, context)), outputTokens }
  const { text, toolCall } = output.completion
  const pieces = splitText(toolCall?.arguments ?? text, chunkCharacters)
  const includeUsage = request.stream_options?.include_usage === true
  return { kind: "stream", events: buildChatEvents(output, context, { pieces, includeUsage }), outputTokens }
}

function toCompletionRequest(request: ChatRequest, prompt: Prompt, maxTokens: number | null): CompletionRequest {
  const tools = (request.tools ?? []).map(({ function: { name, parameters } }): Tool => ({ name, parameters: parameters ?? {} }))
  const choice = toToolChoice(request.tool_choice)
  const { stop } = request
  return {
    prompt: prompt.lastUserText,
    maxTokens,
    stop: typeof stop === "string" ? [stop] : (stop ?? []),
    schema: wantedSchema(request),
    tool: chooseTool({ tools, choice, prompt: prompt.lastUserText, answersToolResult: prompt.answersToolResult }),
  }
}

function toToolChoice(choice: ChatRequest["tool_choice"]): ToolChoice {
  return typeof choice === "object" ? { name: choice.function.name } : (choice ?? "auto")
}

function wantedSchema({ response_format: format }: ChatRequest): CompletionRequest["schema"] {
  if (format?.type === "json_schema") return format.json_schema.schema ?? { type: "object" }
  return format?.type === "json_object" ? { type: "object", properties: { answer: { type: "string" } } } : null
}
