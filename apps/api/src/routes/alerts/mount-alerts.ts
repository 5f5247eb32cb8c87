import type { IRouter } from "express"
import { requireScope } from "../../middleware/require-scope.ts"
import { mount } from "../resource.ts"
import type { RouteGuards } from "../route-guards.ts"
import { type AlertHandlerDependencies, listAlertsHandler, muteAlertHandler, testChannelHandler } from "./alert-handlers.ts"

/** Alerts, for operators. */
export function mountAlerts(router: IRouter, dependencies: AlertHandlerDependencies, { authenticate, body }: RouteGuards): void {
  const mayWrite = requireScope("operate:write")
  mount(router, { path: "/v1/alerts", get: [authenticate, requireScope("operate:read"), listAlertsHandler(dependencies)] })
  mount(router, { path: "/v1/alerts/:id/mute", post: [authenticate, mayWrite, body, muteAlertHandler(dependencies)] })
  mount(router, { path: "/v1/alert-channels/:name/test", post: [authenticate, mayWrite, testChannelHandler(dependencies)] })
}
