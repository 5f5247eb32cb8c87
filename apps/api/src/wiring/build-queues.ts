import type { QueueInspector } from "@sluice/core"
import { createQueueInspector, openQueueViews, type RedisHandle } from "@sluice/redis"
import type { LiveCatalog } from "@sluice/runtime"
import type { Router } from "express"
import { createQueueBoard } from "../board/queue-board.ts"
import type { AuthenticationOptions } from "../middleware/authentication.ts"

export interface BuildQueuesOptions {
  readonly redis: RedisHandle
  readonly catalog: LiveCatalog
  readonly authentication: AuthenticationOptions
}

export interface QueueParts {
  readonly queues: QueueInspector
  readonly routeNames: () => readonly string[]
  readonly queueBoard: Router
}

/** What operators see the queues by. */
export function buildQueues({ redis, catalog, authentication }: BuildQueuesOptions): QueueParts {
  const routeNames = () => Object.keys(catalog.current().routes)
  return {
    queues: createQueueInspector({ redis }),
    routeNames,
    queueBoard: createQueueBoard({ views: openQueueViews({ redis }), routeNames, authentication }),
  }
}
