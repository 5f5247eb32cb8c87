import { dashboardSessionPath } from "@sluice/core"
import type { Express } from "express"
import { mount } from "../routes/resource.ts"
import type { RouteGuards } from "../routes/route-guards.ts"
import { dashboardFiles } from "./dashboard-files.ts"
import {
  bodyAsKey,
  currentSessionHandler,
  nobodyWithoutSession,
  type SessionHandlerDependencies,
  signInHandler,
  signOutHandler,
} from "./session-handlers.ts"

export interface DashboardDependencies extends SessionHandlerDependencies {
  /** Of the built dashboard; it need not be there. */
  readonly dashboardFolder: string
}

/** The dashboard's pages, and how a browser signs in. What the pages show they get from the API, like anyone. */
export function mountDashboard(app: Express, dependencies: DashboardDependencies, { authenticate, body }: RouteGuards): void {
  mount(app, {
    path: dashboardSessionPath,
    get: [nobodyWithoutSession(dependencies), authenticate, currentSessionHandler(dependencies)],
    post: [body, bodyAsKey(), authenticate, signInHandler(dependencies)],
    delete: [signOutHandler()],
  })
  app.use("/dashboard", dashboardFiles(dependencies.dashboardFolder))
}
