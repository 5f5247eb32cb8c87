export interface Readers {
  /** Of a job, at this moment. */
  of(jobId: string): readonly string[]
  has(jobId: string): boolean
  /** For a while from now on. True: it was none before. */
  add(jobId: string, reader: string): boolean
  remove(jobId: string, reader: string): void
}

export interface ReadersOptions {
  readonly ttlMs: number
  readonly monotonicMs: () => number
}

/** The processes that watch jobs, each for as long as it says so again and again. */
export function createReaders({ ttlMs, monotonicMs }: ReadersOptions): Readers {
  /** By job: until when each of its readers counts as one. */
  const untilMs = new Map<string, Map<string, number>>()
  let sweptAtMs = monotonicMs()

  function of(jobId: string): readonly string[] {
    const ofJob = untilMs.get(jobId)
    if (!ofJob) return []
    const nowMs = monotonicMs()
    for (const [reader, until] of ofJob) if (until <= nowMs) ofJob.delete(reader)
    if (ofJob.size === 0) untilMs.delete(jobId)
    return [...ofJob.keys()]
  }
  /** Jobs that are executed elsewhere are asked for by nobody here. */
  function sweep(): void {
    if (monotonicMs() - sweptAtMs < ttlMs) return
    sweptAtMs = monotonicMs()
    for (const jobId of [...untilMs.keys()]) of(jobId)
  }

  return {
    of,
    has: (jobId) => untilMs.has(jobId) && of(jobId).length > 0,
    add(jobId, reader) {
      sweep()
      const isNew = !of(jobId).includes(reader)
      const ofJob = untilMs.get(jobId) ?? new Map<string, number>()
      untilMs.set(jobId, ofJob.set(reader, monotonicMs() + ttlMs))
      return isNew
    },
    remove(jobId, reader) {
      untilMs.get(jobId)?.delete(reader)
      of(jobId)
    },
  }
}
