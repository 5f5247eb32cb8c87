import type { BlobStore, JobSignals, JobStore } from "@sluice/core"
import { createJobWaiter, createJobWatch, createLiveRooms, createStreamJob, type JobWaiter, type StreamJob } from "@sluice/engine"
import { createLiveChannel, type RedisHandle } from "@sluice/redis"
import type { Releasers } from "@sluice/runtime"

export interface LiveParts {
  readonly jobs: JobStore
  readonly blobs: BlobStore
  readonly redis: RedisHandle
  readonly signals: JobSignals
  readonly releasers: Releasers
}

export interface Live {
  readonly jobWaiter: JobWaiter
  readonly streamJob: StreamJob
  /** Answers all who wait with the job as it stands, and ends all streams, so that their readers go on elsewhere. */
  endWaits(): void
}

/** What serves those who wait for jobs or watch them: one watch, and one subscription, for all of them. */
export function buildLive({ jobs, blobs, redis, signals, releasers }: LiveParts): Live {
  const watch = createJobWatch({ store: jobs, signals })
  const rooms = createLiveRooms({ store: jobs, blobs, watch, channel: createLiveChannel({ redis }) })
  releasers.push({ name: "live rooms", release: async () => rooms.close() })
  return { jobWaiter: createJobWaiter({ store: jobs, watch }), streamJob: createStreamJob({ rooms }), endWaits: () => watch.close() }
}
