import type { QueueInspector } from "@sluice/core"
import { createQueueInspector, openQueueViews, type RedisHandle } from "@sluice/redis"
import type { LiveCatalog } from "@sluice/runtime"
import type { Router } from "express"
import { createQueueBoard } from "../board/queue-board.ts"

export interface BuildQueuesOptions {
  readonly redis: RedisHandle
  readonly catalog: LiveCatalog
  readonly adminKey: string
}

export interface QueueParts {
  readonly queues: QueueInspector
  readonly routeNames: () => readonly string[]
  readonly queueBoard: Router
}

/** What operators see the queues by. */
export function buildQueues({ redis, catalog, adminKey }: BuildQueuesOptions): QueueParts {
  const routeNames = () => Object.keys(catalog.current().routes)
  return {
    queues: createQueueInspector({ redis }),
    routeNames,
    queueBoard: createQueueBoard({ views: openQueueViews({ redis }), routeNames, adminKey }),
  }
}
