import type { ProcessEntry } from "@sluice/core"
import { createRouteWorker, type RedisHandle, type RouteWorker } from "@sluice/redis"

export interface RouteWorkersOptions {
  readonly redis: RedisHandle
  /** Jobs at a time, for each route. */
  readonly concurrency: number
  readonly process: ProcessEntry
  /** How long running jobs may take to finish when their worker closes. */
  readonly drainGraceMs: number
}

export interface RouteWorkers {
  /** Works on exactly these routes from now on; what runs on others may finish. */
  follow(routes: readonly string[]): void
  close(): Promise<void>
}

/** One worker for each route, so that a route that is blocked blocks no other. */
export function createRouteWorkers({ redis, concurrency, process, drainGraceMs }: RouteWorkersOptions): RouteWorkers {
  const workers = new Map<string, RouteWorker>()
  const closing = new Set<Promise<void>>()

  function close(route: string, worker: RouteWorker): void {
    workers.delete(route)
    const closed = worker.close({ graceMs: drainGraceMs }).finally(() => closing.delete(closed))
    closing.add(closed)
  }

  return {
    follow(routes) {
      for (const [route, worker] of workers) if (!routes.includes(route)) close(route, worker)
      const added = routes.filter((route) => !workers.has(route))
      for (const route of added) workers.set(route, createRouteWorker({ redis, route, concurrency, process }))
    },
    async close() {
      for (const [route, worker] of workers) close(route, worker)
      await Promise.all(closing)
    },
  }
}
