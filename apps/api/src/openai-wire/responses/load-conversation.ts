import { type BlobStore, type ChatMessage, chatOutput, type JobStore } from "@sluice/core"
import { invalidParameter } from "../errors/openai-error.ts"
import { outputOf } from "../jobs/output-of.ts"
import { jobIdOfResponse } from "./response-id.ts"
import { marksOf } from "./response-marks.ts"
import type { LoadConversation } from "./translate-response.ts"

/** Reads what was said up to a response: its messages but for its instructions, which are its own, and its answer. */
export function createLoadConversation({
  jobs,
  blobs,
  tenantId,
}: {
  readonly jobs: Pick<JobStore, "find">
  readonly blobs: BlobStore
  readonly tenantId: string
}): LoadConversation {
  return async (id) => {
    const jobId = jobIdOfResponse(id)
    const job = jobId === null ? null : await jobs.find({ tenantId, id: jobId })
    const marks = job && marksOf(job)
    if (!job || !marks || job.work.kind !== "chat") throw unusable(`The response ${id} does not exist, or the key may not see it.`)
    if (job.status !== "succeeded") throw unusable(`The response ${id} has no answer to go on from: its job is ${job.status}.`)
    const { text, toolCalls } = await outputOf(chatOutput, { job, blobs })
    const said = job.work.input.messages.slice(marks.hasInstructions ? 1 : 0)
    const answer: ChatMessage = { role: "assistant", content: text === "" ? null : text, ...(toolCalls.length > 0 && { toolCalls }) }
    return [...said, answer]
  }
}

function unusable(message: string) {
  return invalidParameter("previous_response_id", message, "previous_response_not_found")
}
