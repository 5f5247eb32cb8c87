import type { InsertOutcome, JobStore, QueuedJob } from "@sluice/core"
import { DuplicateKeyError } from "../errors/item-errors.ts"
import { TryAgain } from "../errors/try-again.ts"
import { idempotencyIndexName } from "../indexes/jobs.ts"
import { requestHashOf } from "./from-document.ts"
import type { JobContext } from "./job-context.ts"
import { toDocument } from "./to-document.ts"

/**
 * Stores a new job. When an attempt's outcome is unknown it is simply made again: a job that is there already makes the
 * database answer with a duplicate key, after it has waited for the majority as for any write, so that this too means
 * that the job is safe.
 */
export function insertJob(context: JobContext): JobStore["insert"] {
  return (job) =>
    context.operations.run(`insert of ${job.id}`, async (signal) => {
      try {
        await context.inserts.add(toDocument(job, context.sealer), signal)
        return { kind: "inserted" }
      } catch (error) {
        if (error instanceof DuplicateKeyError) return await outcomeOfDuplicate(context, job, error)
        throw error
      }
    })
}

async function outcomeOfDuplicate(context: JobContext, job: QueuedJob, error: DuplicateKeyError): Promise<InsertOutcome> {
  const own = await context.reads.trace(job.id)
  if (own) return outcomeOfSameId(job, { tenantId: own.tenantId, requestHash: requestHashOf(own, context.sealer) })
  if (job.idempotencyKey === null || !error.isOf(idempotencyIndexName)) throw new TryAgain("the job with the same id is gone")
  const holder = await context.reads.holder({ tenantId: job.tenantId, idempotencyKey: job.idempotencyKey })
  if (!holder) throw new TryAgain("the job with the same idempotency key is gone")
  const { idempotencyExpiresAt } = holder
  if (idempotencyExpiresAt === null || idempotencyExpiresAt > job.createdAt) return { kind: "existing", job: holder }
  const expired = { _id: holder.id, tenantId: job.tenantId, idempotencyKey: job.idempotencyKey, idempotencyExpiresAt }
  await context.toJobs((jobs) => jobs.updateOne(expired, { $unset: { idempotencyKey: "", idempotencyExpiresAt: "" } }))
  throw new TryAgain("the idempotency key had expired and is free now")
}

function outcomeOfSameId(job: QueuedJob, own: { readonly tenantId: string; readonly requestHash: string | null }): InsertOutcome {
  const isSame = own.tenantId === job.tenantId && own.requestHash === job.requestHash
  if (!isSame) throw new Error(`There is another job with the id ${job.id}: ids must be made with enough randomness`)
  return { kind: "inserted" }
}
