import type { BlobStore, JobSignals, JobStore } from "@sluice/core"
import {
  createJobWaiter,
  createJobWatch,
  createLiveRooms,
  createOperationsFeed,
  createStreamJob,
  type JobWaiter,
  type OperationsFeed,
  type OperationsFeedDependencies,
  type StreamJob,
} from "@sluice/engine"
import { createLiveChannel, type RedisHandle } from "@sluice/redis"
import type { Releasers } from "@sluice/runtime"

export interface LiveParts extends Pick<OperationsFeedDependencies, "operator" | "queues" | "routeNames" | "clock"> {
  readonly jobs: JobStore
  readonly blobs: BlobStore
  readonly redis: RedisHandle
  readonly signals: JobSignals
  readonly releasers: Releasers
}

export interface Live {
  readonly jobWaiter: JobWaiter
  readonly streamJob: StreamJob
  readonly operationsFeed: OperationsFeed
  /** Answers all who wait with the job as it stands, and ends all streams, so that their readers go on elsewhere. */
  endWaits(): void
}

/** What serves those who wait for jobs or watch them, or the system: one watch, and one subscription, for all of them. */
export function buildLive({ jobs, blobs, redis, signals, releasers, ...operations }: LiveParts): Live {
  const watch = createJobWatch({ store: jobs, signals })
  const rooms = createLiveRooms({ store: jobs, blobs, watch, channel: createLiveChannel({ redis }) })
  releasers.push({ name: "live rooms", release: async () => rooms.close() })
  const operationsFeed = createOperationsFeed({ ...operations, signals })
  return {
    jobWaiter: createJobWaiter({ store: jobs, watch }),
    streamJob: createStreamJob({ rooms }),
    operationsFeed,
    endWaits() {
      watch.close()
      operationsFeed.close()
    },
  }
}
