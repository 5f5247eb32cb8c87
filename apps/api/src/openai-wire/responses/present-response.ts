import {
  type ChatInput,
  type ChatOutput,
  incompleteReason,
  type Job,
  type JobError,
  openaiResponseId,
  type ResponseFormat,
  type Usage,
} from "@sluice/core"
import type { OpenAI } from "openai"
import { secondsOf } from "../chat/chat-completion.ts"
import { ownMetadata, provenanceMetadata } from "../jobs/provenance.ts"
import { presentOutput } from "./present-output.ts"
import { marksOf } from "./response-marks.ts"

/** A response as it travels. `output_text` is made by the clients; programs for access are nothing of ours. */
export type PresentedResponse = Omit<OpenAI.Responses.Response, "output_text" | "access_programs">

export interface PresentOptions {
  /** Once it has succeeded. */
  readonly output: ChatOutput | null
  /** Where the job was read without it, what was asked for is not told. */
  readonly isInputRead?: boolean
}

/** A job as `GET /responses/{id}` shows it. */
export function presentResponse(job: Job, { output, isInputRead = true }: PresentOptions): PresentedResponse {
  const marks = marksOf(job)
  const input = isInputRead && job.work.kind === "chat" ? job.work.input : { messages: [] }
  return {
    id: openaiResponseId(job),
    object: "response",
    created_at: secondsOf(job.createdAt),
    ...endOf(job, output),
    background: marks?.isBackground ?? false,
    metadata: { ...ownMetadata(job), ...provenanceMetadata(job) },
    model: servedModel(job) ?? marks?.model ?? job.route,
    previous_response_id: marks?.previousResponseId ?? null,
    instructions: marks?.hasInstructions ? instructionsOf(input) : null,
    ...presentRequest(input),
  }
}

function servedModel(job: Job): string | null {
  return job.status === "succeeded" ? job.result.provenance.served.model : null
}

function instructionsOf({ messages: [first] }: ChatInput): string | null {
  return first?.role === "system" && typeof first.content === "string" ? first.content : null
}

type End = Pick<PresentedResponse, "status" | "completed_at" | "error" | "incomplete_details" | "output" | "usage">

const unfinished = { completed_at: null, error: null, incomplete_details: null, output: [] }

function endOf(job: Job, output: ChatOutput | null): End {
  switch (job.status) {
    case "queued":
      // One that was handed back, and waits for its next attempt, is under way for its caller.
      return { ...unfinished, status: job.startedAt === null ? "queued" : "in_progress" }
    case "running":
      return { ...unfinished, status: "in_progress" }
    case "cancelled":
      return { ...unfinished, status: "cancelled" }
    case "failed":
    case "expired":
      return { ...unfinished, ...failureOf(job.error, incompleteReason(job, null)) }
    case "succeeded": {
      const reason = incompleteReason(job, output?.finishReason)
      return {
        ...unfinished,
        status: reason ? "incomplete" : "completed",
        completed_at: secondsOf(job.finishedAt),
        incomplete_details: reason ? { reason } : null,
        output: output ? presentOutput(job, output) : [],
        ...(job.result.usage && { usage: presentUsage(job.result.usage) }),
      }
    }
  }
}

/** What ended for a limit or a filter is no failure in OpenAI's words. */
function failureOf(error: JobError, reason: ReturnType<typeof incompleteReason>): Pick<End, "status" | "error" | "incomplete_details"> {
  if (reason) return { status: "incomplete", error: null, incomplete_details: { reason } }
  return { status: "failed", error: { code: codeOf(error), message: `${error.type}: ${error.message}` }, incomplete_details: null }
}

/** The list is closed, and OpenAI's; `message` begins with the type that Sluice has. */
function codeOf({ type }: JobError): NonNullable<PresentedResponse["error"]>["code"] {
  if (type === "rate_limited" || type === "provider_quota") return "rate_limit_exceeded"
  return ["invalid_input", "context_length", "no_capable_endpoint"].includes(type) ? "invalid_prompt" : "server_error"
}

function presentUsage({ inputTokens, cachedInputTokens, outputTokens }: Usage): OpenAI.Responses.ResponseUsage {
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cachedInputTokens, cache_write_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + outputTokens,
  }
}

type Asked = Pick<
  PresentedResponse,
  "temperature" | "top_p" | "max_output_tokens" | "parallel_tool_calls" | "tools" | "tool_choice" | "text" | "truncation"
>

/** What was asked for, as the job has it. */
function presentRequest({ temperature, topP, maxOutputTokens, tools = [], toolChoice, responseFormat, providerOptions }: ChatInput): Asked {
  return {
    temperature: temperature ?? null,
    top_p: topP ?? null,
    max_output_tokens: maxOutputTokens ?? null,
    parallel_tool_calls: providerOptions?.openai?.parallel_tool_calls !== false,
    tools: tools.map(({ name, description, parameters, strict }) => ({
      type: "function",
      name,
      description: description ?? null,
      parameters,
      strict: strict ?? null,
    })),
    tool_choice: typeof toolChoice === "object" ? { type: "function", name: toolChoice.name } : (toolChoice ?? "auto"),
    text: { format: presentFormat(responseFormat) },
    truncation: "disabled",
  }
}

function presentFormat(format: ResponseFormat | undefined): OpenAI.Responses.ResponseFormatTextConfig {
  if (format?.type !== "json_schema") return { type: format?.type ?? "text" }
  const { name, description, schema, strict } = format
  return { type: "json_schema", name, schema, ...(description !== undefined && { description }), ...(strict !== undefined && { strict }) }
}
