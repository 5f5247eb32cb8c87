import { createLiveReport, type LiveReport } from "@sluice/engine"
import { createLiveChannel, type RedisHandle } from "@sluice/redis"
import type { Releasers } from "@sluice/runtime"

/** Tells those who watch jobs what this worker does with them. */
export function reportLive({ redis, releasers }: { readonly redis: RedisHandle; readonly releasers: Releasers }): LiveReport {
  const live = createLiveReport({ channel: createLiveChannel({ redis }) })
  releasers.push({ name: "live report", release: async () => live.close() })
  return live
}
