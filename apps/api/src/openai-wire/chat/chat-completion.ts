import type { ChatOutput, FinishReason, Job, ToolCall, Usage } from "@sluice/core"
import type { OpenAI } from "openai"
import { provenanceMetadata } from "../jobs/provenance.ts"

type SucceededJob = Extract<Job, { status: "succeeded" }>

/** A chat completion is its job under another name. */
export function completionId({ id }: Pick<Job, "id">): string {
  return id.replace(/^job_/, "chatcmpl-")
}

/** The job behind a completion; null for what cannot be an id of ours. */
export function jobIdOfCompletion(id: string): string | null {
  return /^chatcmpl-[0-9a-f]{32}$/.test(id) ? id.replace(/^chatcmpl-/, "job_") : null
}

export type Completion = OpenAI.ChatCompletion & { readonly metadata: Readonly<Record<string, string>> }

/** A finished chat as `POST /chat/completions` answers it. `metadata` says who answered; OpenAI's own answers have none. */
export function presentCompletion(
  job: SucceededJob,
  { output, model }: { readonly output: ChatOutput; readonly model: string },
): Completion {
  const { text, toolCalls, finishReason } = output
  return {
    id: completionId(job),
    object: "chat.completion",
    created: secondsOf(job.createdAt),
    model: job.result.provenance.served.model ?? model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: text === "" && toolCalls.length > 0 ? null : text,
          refusal: null,
          ...(toolCalls.length > 0 && { tool_calls: toolCalls.map(presentToolCall) }),
        },
        finish_reason: finishReasonOf(finishReason),
        logprobs: null,
      },
    ],
    ...(job.result.usage && { usage: presentUsage(job.result.usage) }),
    metadata: { ...job.metadata, ...provenanceMetadata(job) },
  }
}

export function presentToolCall({ id, name, arguments: written }: ToolCall): OpenAI.ChatCompletionMessageFunctionToolCall {
  return { id, type: "function", function: { name, arguments: written } }
}

export function presentUsage({ inputTokens, cachedInputTokens, outputTokens }: Usage): OpenAI.CompletionUsage {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedInputTokens },
  }
}

/** Clients know no `other`. */
export function finishReasonOf(reason: FinishReason): OpenAI.ChatCompletion.Choice["finish_reason"] {
  return reason === "other" ? "stop" : reason
}

export function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1_000)
}
