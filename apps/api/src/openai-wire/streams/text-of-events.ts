import type { Job } from "@sluice/core"
import type { StreamedEvent } from "@sluice/engine"
import { OpenaiError } from "../errors/openai-error.ts"

/**
 * The text of an answer in pieces that are never taken back. When a call fails half-way, and another endpoint begins anew, that goes
 * unnoticed as long as it says the same; at the first other word this throws `stream_interrupted`. Ends with the events.
 */
export async function* textOfEvents(
  events: AsyncIterable<StreamedEvent>,
  { job, hasKey }: { readonly job: Pick<Job, "id">; readonly hasKey: boolean },
): AsyncGenerator<string> {
  let told = ""
  /** Of the text that is being written now. */
  let length = 0
  for await (const { event } of events) {
    if (event.type === "output.reset") length = 0
    if (event.type === "job.succeeded" && length !== told.length) throw interrupted(job.id, hasKey)
    if (event.type !== "output.delta") continue
    const overlap = told.slice(length, length + event.text.length)
    if (!event.text.startsWith(overlap)) throw interrupted(job.id, hasKey)
    length += event.text.length
    const added = event.text.slice(overlap.length)
    told += added
    if (added !== "") yield added
  }
}

function interrupted(jobId: string, hasKey: boolean): OpenaiError {
  const again = hasKey ? "Send the request again with the same Idempotency-Key" : `Read GET /v1/jobs/${jobId}`
  return new OpenaiError({
    status: 502,
    type: "server_error",
    code: "stream_interrupted",
    message: `The call that was streamed failed half-way, and the answer began anew with other words. ${jobId} goes on. ${again} for the whole answer.`,
  })
}
