import { type ClaimOutcome, type Job, type JobStore, transition } from "@sluice/core"
import { DecryptionError } from "../encryption/decryption-error.ts"
import { TryAgain } from "../errors/try-again.ts"
import type { ClaimAnswer, ClaimRequest } from "./claim-lane.ts"
import type { JobContext } from "./job-context.ts"
import { executionFilter } from "./update-parts.ts"

/** How long a job waits that cannot be decrypted here. */
const unreadableDelayMs = 60_000

/**
 * Takes a job for an execution: all claims of the moment are one bulk write, then one query loads the jobs and shows whose
 * token each carries; a claim that is alone loads its job by itself. After an attempt of unknown outcome that query comes first, lest a claim be repeated over one that
 * was made since.
 */
export function claimJob(context: JobContext): JobStore["claim"] {
  return (request) => {
    let isUnknown = false
    return context.operations.run(`claim of ${request.id}`, async (signal) => {
      const known = isUnknown ? outcomeOf(request, await context.reads.job(request.id), { wasSent: false }) : null
      if (known) return known
      isUnknown = true
      const answer = await context.claims.add(request, signal)
      const job = await jobOf(context, request, answer).catch((error: unknown) => leaveUnread(context, request, error, signal))
      const outcome = outcomeOf(request, job, { wasSent: true })
      if (outcome) return outcome
      throw new TryAgain("the job changed while it was claimed")
    })
  }
}

async function jobOf({ reads, toJob }: JobContext, { id }: ClaimRequest, answer: ClaimAnswer): Promise<Job | null> {
  return answer === "sent" ? await reads.job(id) : toJob(answer)
}

/** What this process cannot read, another may, or this one once it has the key: until then the job waits, and nothing is lost. */
async function leaveUnread(context: JobContext, { id, run, claim }: ClaimRequest, error: unknown, signal: AbortSignal): Promise<never> {
  if (error instanceof DecryptionError) {
    const dueAt = new Date(claim.at.getTime() + unreadableDelayMs)
    const set = { status: "queued", rescues: 0, notBefore: dueAt, enqueueDueAt: dueAt } as const
    const filter = executionFilter({ id, run, token: claim.token })
    await context.writes.add({ filter, update: { $set: set, $unset: { claim: "" } } }, signal)
  }
  throw error
}

/** What the job says about the claim; null when the claim may be sent, or sent again. */
function outcomeOf(request: ClaimRequest, job: Job | null, { wasSent }: { wasSent: boolean }): ClaimOutcome | null {
  if (!job) return { kind: "gone" }
  if (job.run === request.run && job.status === "running") {
    if (job.claim.token === request.claim.token) return { kind: "claimed", job }
    if (wasSent || job.claim.at > request.claim.at) return { kind: "gone" }
    return null
  }
  const judged = transition(job, { type: "claim", ...request })
  if (judged.applied) return null
  if (job.status === "queued" && job.notBefore && judged.refusal === "not_due") return { kind: "not_due", notBefore: job.notBefore }
  return { kind: "gone" }
}
