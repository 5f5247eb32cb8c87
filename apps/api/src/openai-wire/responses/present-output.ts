import type { ChatOutput, Job, ToolCall } from "@sluice/core"
import type { OpenAI } from "openai"

type Message = OpenAI.Responses.ResponseOutputMessage
type FunctionCall = OpenAI.Responses.ResponseFunctionToolCall & { readonly id: string }
type Status = Message["status"]

/** What a job said: its text, if any, then the calls of tools. */
export function presentOutput(job: Pick<Job, "id">, { text, toolCalls, finishReason }: ChatOutput): (Message | FunctionCall)[] {
  const status = finishReason === "length" ? "incomplete" : "completed"
  const message = text === "" && toolCalls.length > 0 ? [] : [presentMessage(messageId(job), { text, status })]
  return [...message, ...toolCalls.map((call, index) => presentFunctionCall(job, { call, index, status: "completed" }))]
}

export function messageId({ id }: Pick<Job, "id">): string {
  return id.replace(/^job_/, "msg_")
}

/** `text` null: there is no part for it yet. */
export function presentMessage(id: string, { text, status }: { readonly text: string | null; readonly status: Status }): Message {
  return { id, type: "message", role: "assistant", status, content: text === null ? [] : [presentText(text)] }
}

export function presentText(text: string): OpenAI.Responses.ResponseOutputText {
  return { type: "output_text", text, annotations: [], logprobs: [] }
}

/** The place among the calls makes the item's id; the call's own is the model's. */
export function presentFunctionCall(
  { id }: Pick<Job, "id">,
  { call, index, status }: { readonly call: ToolCall; readonly index: number; readonly status: Status },
): FunctionCall {
  return {
    id: `${id.replace(/^job_/, "fc_")}_${index}`,
    type: "function_call",
    call_id: call.id,
    name: call.name,
    arguments: call.arguments,
    status,
  }
}
