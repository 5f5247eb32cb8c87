import type { AuditLog, QueueInspector, QueueResource, QueueState } from "@sluice/core"
import type { RequestHandler } from "express"
import { recordAudit } from "../../audit/record-audit.ts"
import { Problem } from "../../problems/problem.ts"
import { assertNoQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"
import { sendResource } from "../../responses/send-resource.ts"

export interface QueueHandlerDependencies {
  readonly queues: QueueInspector
  /** Each has a queue. */
  readonly routeNames: () => readonly string[]
  readonly audit: AuditLog
}

/** `GET /v1/queues`: what is in the queue of each route. */
export function listQueuesHandler({ queues, routeNames }: QueueHandlerDependencies): RequestHandler {
  return async function handleListQueues(request, response) {
    assertNoQuery(request.url)
    const now = new Date()
    const states = await queues.states(routeNames())
    sendResource(request, response, { data: states.map((state) => presentQueue(state, now)), nextCursor: null })
  }
}

/** `POST /v1/queues/{name}/pause` and `/resume`: answers with the queue as it is then. */
export function pauseQueueHandler({ queues, routeNames, audit, paused }: QueueHandlerDependencies & { paused: boolean }): RequestHandler {
  return async function handlePauseQueue(request, response) {
    assertNoQuery(request.url)
    const route = String(request.params.name)
    if (!routeNames().includes(route)) throw new Problem({ code: "not_found", detail: unknownQueue(routeNames()) })
    await recordAudit(audit, response, { action: paused ? "queue.pause" : "queue.resume", target: route })
    await queues.setPaused({ route, paused })
    const now = new Date()
    const [state] = await queues.states([route])
    sendJson(response, { status: 200, body: state ? presentQueue(state, now) : null })
  }
}

function unknownQueue(known: readonly string[]): string {
  return `There is no queue of this name. Each route has one: ${known.join(", ")}.`
}

function presentQueue({ route, oldestWaitingSince, ...counts }: QueueState, now: Date): QueueResource {
  return {
    name: route,
    object: "queue",
    ...counts,
    oldestWaitingSince: oldestWaitingSince?.toISOString() ?? null,
    oldestWaitingMs: oldestWaitingSince && Math.max(0, now.getTime() - oldestWaitingSince.getTime()),
  }
}
