import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  retainSearchParams,
} from "@tanstack/react-router"
import { ErrorState, Loading } from "../kit/states.tsx"
import { deadLettersSearch } from "../pages/dead-letters/dead-letters-search.ts"
import { endpointsSearch } from "../pages/endpoints/endpoints-search.ts"
import { jobsSearch } from "../pages/jobs/jobs-search.ts"
import { NotFoundPage } from "../pages/not-found-page.tsx"
import { overviewSearch } from "../pages/overview/overview-search.ts"
import { usageSearch } from "../pages/usage/usage-search.ts"
import { webhooksSearch } from "../pages/webhooks/webhooks-search.ts"
import { navigation } from "./navigation.ts"
import type { Session } from "./session.ts"
import { Shell } from "./shell.tsx"
import { type Strings, stringsOf } from "./strings-of.ts"

export interface RouterContext {
  readonly session: Session
}

const rootRoute = createRootRouteWithContext<RouterContext>()({
  // The tenant that an operator looks at goes along from page to page.
  validateSearch: (search: Record<string, unknown>): Strings<"tenant"> => stringsOf(search, ["tenant"]),
  search: { middlewares: [retainSearchParams(["tenant"])] },
  component: Shell,
  notFoundComponent: NotFoundPage,
})

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  beforeLoad: ({ context: { session } }) => {
    const first = navigation.find(({ scope }) => session.can(scope))
    if (first) throw redirect({ to: first.to, replace: true })
  },
})

const jobsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/jobs",
  validateSearch: jobsSearch,
  component: lazyRouteComponent(() => import("../pages/jobs/jobs-page.tsx"), "JobsPage"),
})

const endpointsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/endpoints",
  validateSearch: endpointsSearch,
  component: lazyRouteComponent(() => import("../pages/endpoints/endpoints-page.tsx"), "EndpointsPage"),
})

const deadLettersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/dead-letters",
  validateSearch: deadLettersSearch,
  component: lazyRouteComponent(() => import("../pages/dead-letters/dead-letters-page.tsx"), "DeadLettersPage"),
})

const webhooksRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/webhooks",
  validateSearch: webhooksSearch,
  component: lazyRouteComponent(() => import("../pages/webhooks/webhooks-page.tsx"), "WebhooksPage"),
})

const jobRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/jobs/$jobId",
  component: lazyRouteComponent(() => import("../pages/job/job-page.tsx"), "JobPage"),
})

const playgroundRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/playground",
  component: lazyRouteComponent(() => import("../pages/playground/playground-page.tsx"), "PlaygroundPage"),
})

const overviewRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/overview",
  validateSearch: overviewSearch,
  component: lazyRouteComponent(() => import("../pages/overview/overview-page.tsx"), "OverviewPage"),
})

const usageRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/usage",
  validateSearch: usageSearch,
  component: lazyRouteComponent(() => import("../pages/usage/usage-page.tsx"), "UsagePage"),
})

const routeTree = rootRoute.addChildren([
  homeRoute,
  overviewRoute,
  jobsRoute,
  jobRoute,
  playgroundRoute,
  endpointsRoute,
  deadLettersRoute,
  webhooksRoute,
  usageRoute,
])

export function createAppRouter(context: RouterContext) {
  return createRouter({
    routeTree,
    basepath: "/dashboard",
    context,
    defaultPreload: "intent",
    scrollRestoration: true,
    defaultErrorComponent: ({ error, reset }) => (
      <ErrorState error={error instanceof Error ? error : new Error(String(error))} onRetry={reset} />
    ),
    defaultPendingComponent: () => <Loading />,
  })
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
