import { chooseTool, type ToolChoice } from "../answers/choose-tool.ts"
import { type CompletionRequest, complete, type Tool } from "../answers/completion.ts"
import type { Prompt } from "../answers/prompt.ts"
import { splitText } from "../answers/split-text.ts"
import { accepted, type Checked, refused } from "../wire/refusal.ts"
import { describeIssue } from "../wire/request-issue.ts"
import { firstBroken } from "../wire/rules.ts"
import type { AcceptedCall, Answer, AnswerContext, AnswerSettings, Operation } from "../wire/wire.ts"
import { readPrompt } from "./messages-prompt.ts"
import { type MessagesRequest, messagesRequestSchema } from "./messages-request.ts"
import { buildMessage, type MessageOutput } from "./messages-response.ts"
import { messagesRules } from "./messages-rules.ts"
import { buildMessageEvents } from "./messages-stream.ts"

/** `POST /v1/messages`. */
export const messagesOperation: Operation = {
  name: "chat",
  accept({ body, answers }) {
    const checked = checkRequest(body)
    return checked.ok ? accepted(toCall(checked.value, answers)) : checked
  },
}

function checkRequest(body: unknown): Checked<MessagesRequest> {
  const parsed = messagesRequestSchema.safeParse(body)
  if (!parsed.success) return refused({ reason: "invalid_request", issue: describeIssue(parsed.error.issues, body) })
  const issue = firstBroken(messagesRules, parsed.data)
  return issue === null ? accepted(parsed.data) : refused({ reason: "invalid_request", issue })
}

function toCall(request: MessagesRequest, answers: AnswerSettings): AcceptedCall {
  const prompt = readPrompt(request)
  const completionRequest = toCompletionRequest(request, prompt)
  return {
    model: request.model,
    promptTokens: prompt.tokens,
    maxOutputTokens: request.max_tokens,
    promptText: prompt.allText,
    onFilteredPrompt: "finish",
    stream: request.stream === true,
    answer(context) {
      const completion = complete(completionRequest, { flavour: context.flavour, answers })
      return toAnswer(request, { completion, promptTokens: prompt.tokens, model: request.model }, context, answers)
    },
  }
}

function toAnswer(request: MessagesRequest, output: MessageOutput, context: AnswerContext, { chunkCharacters }: AnswerSettings): Answer {
  const { text, toolCall, outputTokens } = output.completion
  if (request.stream !== true) return { kind: "json", body: JSON.stringify(buildMessage(output, context)), outputTokens }
  const pieces = splitText(toolCall?.arguments ?? text, chunkCharacters)
  return { kind: "stream", events: buildMessageEvents(output, context, pieces), outputTokens }
}

function toCompletionRequest(request: MessagesRequest, prompt: Prompt): CompletionRequest {
  const tools = (request.tools ?? []).map(({ name, input_schema }): Tool => ({ name, parameters: input_schema }))
  const choice = toToolChoice(request.tool_choice)
  return {
    prompt: prompt.lastUserText,
    maxTokens: request.max_tokens,
    stop: request.stop_sequences ?? [],
    schema: request.output_config?.format?.schema ?? null,
    tool: chooseTool({ tools, choice, prompt: prompt.lastUserText, answersToolResult: prompt.answersToolResult }),
  }
}

function toToolChoice(choice: MessagesRequest["tool_choice"]): ToolChoice {
  switch (choice?.type) {
    case "tool":
      return { name: choice.name }
    case "any":
      return "required"
    case "none":
      return "none"
    default:
      return "auto"
  }
}
