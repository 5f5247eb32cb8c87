import type { DeadDeliveries, DeadLetter, JobOptions, JobStore, QueueEntry, Replay, ReplayOverrides, TenantDirectory } from "@sluice/core"
import type { FanOut } from "../deliver/fan-out.ts"
import { enqueueDueAt } from "../submit/enqueue-due-at.ts"

export interface ReplayLetterDependencies {
  readonly jobs: JobStore
  /** Null: there are none to be replayed. */
  readonly deliveries: DeadDeliveries | null
  readonly tenants: Pick<TenantDirectory, "settingsOf">
  readonly fanOut: Pick<FanOut, "ofOutbox">
}

interface Replayed {
  /** For the queue; null: nothing to be queued has begun. */
  readonly entry: QueueEntry | null
}

/** Begins the next run of one dead letter, unless something else has become of it. */
export async function replayLetter(
  dependencies: ReplayLetterDependencies,
  replay: Replay,
  letter: DeadLetter,
  at: Date,
): Promise<Replayed> {
  const { id: replayId, by, requestId } = replay
  const { job } = letter
  if (!job) {
    await dependencies.deliveries?.redeliver({ tenantId: letter.tenantId, id: letter.id, replayId, by, at })
    return { entry: null }
  }
  const options = optionsOf(replay.overrides)
  const applied = await beginRun(dependencies, letter.tenantId, {
    id: job.id,
    run: letter.run,
    replayId,
    by,
    requestId,
    at,
    deadline: after(at, options.expiresInMs ?? job.expiresInMs),
    enqueueDueAt: enqueueDueAt({ now: at, notBefore: null }),
    route: replay.overrides?.route ?? null,
    options,
  })
  if (!applied) return { entry: null }
  const weight = dependencies.tenants.settingsOf(letter.tenantId).weight
  return {
    entry: {
      id: job.id,
      run: letter.run + 1,
      route: replay.overrides?.route ?? job.route,
      tenantId: letter.tenantId,
      priority: options.priority ?? job.priority,
      notBefore: null,
      ...(weight !== undefined && { weight }),
    },
  }
}

/** What the run before came to is told first: the new one overwrites it. */
async function beginRun(
  { jobs, fanOut }: ReplayLetterDependencies,
  tenantId: string,
  request: Parameters<JobStore["replay"]>[0],
): Promise<boolean> {
  const outcome = await jobs.replay(request)
  if (outcome.applied || outcome.refusal !== "untold") return outcome.applied
  const job = await jobs.find({ tenantId, id: request.id })
  if (job) await fanOut.ofOutbox([job])
  return (await jobs.replay(request)).applied
}

function optionsOf(overrides: ReplayOverrides | null): Partial<JobOptions> {
  return { ...given(overrides?.options ?? {}), ...(overrides?.endpoint !== undefined && { onlyEndpoint: overrides.endpoint }) }
}

function given<T extends object>(options: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const result: { [K in keyof T]?: NonNullable<T[K]> } = {}
  for (const name in options) {
    const value = options[name]
    if (value !== null && value !== undefined) result[name] = value
  }
  return result
}

function after(time: Date, ms: number): Date {
  return new Date(time.getTime() + ms)
}
