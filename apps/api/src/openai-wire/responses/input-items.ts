import type { ChatMessage, ContentPart, Job } from "@sluice/core"
import type { OpenAI } from "openai"
import { presentFunctionCall, presentMessage } from "./present-output.ts"
import { marksOf } from "./response-marks.ts"

type Items = OpenAI.Responses.ResponseItem[]
type InputContent = OpenAI.Responses.ResponseInputContent

/** What a response was made from, the oldest first: the conversation before and what was asked, without its instructions. */
export function inputItemsOf(job: Job): Items {
  if (job.work.kind !== "chat") return []
  const { messages } = job.work.input
  const items = messages.slice(marksOf(job)?.hasInstructions ? 1 : 0).flatMap((message) => itemsOf(job, message))
  return items.map((item, index) => ({ ...item, id: `${item.id}_in_${index}` }))
}

/** Their ids are made unique by their place. */
function itemsOf(job: Job, message: ChatMessage): Items {
  const hex = job.id.replace(/^job_/, "")
  switch (message.role) {
    case "system":
    case "user":
      return [{ id: `msg_${hex}`, type: "message", role: message.role, status: "completed", content: inputContentOf(message.content) }]
    case "tool": {
      const output = textOf(message.content)
      return [{ id: `fco_${hex}`, type: "function_call_output", call_id: message.toolCallId, output, status: "completed" }]
    }
    case "assistant": {
      const text = textOf(message.content ?? "")
      const said = text === "" ? [] : [presentMessage(`msg_${hex}`, { text, status: "completed" })]
      const calls = (message.toolCalls ?? []).map((call, index) => presentFunctionCall(job, { call, index, status: "completed" }))
      return [...said, ...calls]
    }
  }
}

function partsOf(content: string | readonly ContentPart[]): readonly ContentPart[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content
}

function textOf(content: string | readonly ContentPart[]): string {
  return partsOf(content)
    .flatMap((part) => (part.type === "text" ? [part.text] : []))
    .join("")
}

function inputContentOf(content: string | readonly ContentPart[]): InputContent[] {
  return partsOf(content).map((part) =>
    part.type === "text"
      ? { type: "input_text", text: part.text }
      : { type: "input_image", image_url: part.url, detail: part.detail ?? "auto" },
  )
}
