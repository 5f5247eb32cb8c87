import type { IRouter } from "express"
import { requireScope } from "../../middleware/require-scope.ts"
import { mount } from "../resource.ts"
import type { RouteGuards } from "../route-guards.ts"
import { getLogLevelHandler, resetLogLevelHandler, setLogLevelHandler } from "./log-level-handlers.ts"
import { createProfileHandler, listProcessesHandler, type ProcessHandlerDependencies } from "./process-handlers.ts"

/** Processes that run: what they log, and looks into them. */
export function mountProcesses(app: IRouter, dependencies: ProcessHandlerDependencies, { authenticate, body }: RouteGuards): void {
  const [reading, writing] = [requireScope("operate:read"), requireScope("operate:write")]
  mount(app, { path: "/v1/processes", get: [authenticate, reading, listProcessesHandler(dependencies)] })
  mount(app, { path: "/v1/processes/:id/profiles", post: [authenticate, writing, body, createProfileHandler(dependencies)] })
  mount(app, {
    path: "/v1/log-level",
    get: [authenticate, reading, getLogLevelHandler(dependencies)],
    put: [authenticate, writing, body, setLogLevelHandler(dependencies)],
    delete: [authenticate, writing, resetLogLevelHandler(dependencies)],
  })
}
