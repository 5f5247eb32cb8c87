import type { ChatInput, ChatOutput, Job, JobError, ResponseFormat, Usage } from "@sluice/core"
import type { OpenAI } from "openai"
import { secondsOf } from "../chat/chat-completion.ts"
import { ownMetadata, provenanceMetadata } from "../jobs/provenance.ts"
import { presentOutput } from "./present-output.ts"
import { responseId } from "./response-id.ts"
import { marksOf } from "./response-marks.ts"

/** A response as it travels. `output_text` is made by the clients; programs for access are nothing of ours. */
export type PresentedResponse = Omit<OpenAI.Responses.Response, "output_text" | "access_programs">

/** A job as `GET /responses/{id}` shows it; `output` once it has succeeded. */
export function presentResponse(job: Job, { output }: { readonly output: ChatOutput | null }): PresentedResponse {
  const marks = marksOf(job)
  const input = job.work.kind === "chat" ? job.work.input : { messages: [] }
  return {
    id: responseId(job),
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
      return { ...unfinished, ...failureOf(job.error) }
    case "succeeded": {
      const reason = output && cutShortBy(output)
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

type Reason = NonNullable<NonNullable<PresentedResponse["incomplete_details"]>["reason"]>

function cutShortBy({ finishReason }: ChatOutput): Reason | null {
  if (finishReason === "length") return "max_output_tokens"
  return finishReason === "content_filter" ? "content_filter" : null
}

/** What ended for a limit or a filter is no failure in OpenAI's words. */
function failureOf(error: JobError): Pick<End, "status" | "error" | "incomplete_details"> {
  if (error.type === "output_truncated") return { status: "incomplete", error: null, incomplete_details: { reason: "max_output_tokens" } }
  if (error.type === "content_filter") return { status: "incomplete", error: null, incomplete_details: { reason: "content_filter" } }
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
