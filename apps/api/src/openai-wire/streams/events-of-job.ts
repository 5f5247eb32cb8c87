import type { Job } from "@sluice/core"
import type { StreamedEvent, StreamJob } from "@sluice/engine"
import { openaiNotFound } from "../errors/openai-not-found.ts"

/** What becomes of a job, from its beginning. Throws when it is there no longer. */
export async function eventsOfJob(
  streamJob: StreamJob,
  { job, signal }: { readonly job: Pick<Job, "id" | "tenantId">; readonly signal: AbortSignal },
): Promise<AsyncIterable<StreamedEvent>> {
  const outcome = await streamJob({ tenantId: job.tenantId, id: job.id, after: null, signal })
  if (outcome.kind === "events") return outcome.events
  throw openaiNotFound(`${job.id} has been removed.`)
}
