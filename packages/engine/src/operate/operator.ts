import type { Admission, EndpointResource, RouteResource } from "@sluice/core"
import type { Catalog } from "../catalog.ts"
import { admissionEndpointOf } from "../execute/admission-endpoint.ts"
import { presentEndpoint } from "./present-endpoint.ts"

export interface OperatorDependencies {
  readonly admission: Admission
  readonly catalog: () => Catalog
}

/** What operators see and do while everything runs. Rejects with `QueueUnavailableError` when Redis does not answer in time. */
export interface Operator {
  routes(): Promise<readonly RouteResource[]>
  endpoints(): Promise<readonly EndpointResource[]>
  /** False: there is no such endpoint. */
  forceBreaker(request: { readonly endpoint: string; readonly state: "open" | "closed" | "auto"; readonly by: string }): Promise<boolean>
  /** False: there is no such route. A paused route's jobs wait; what runs goes on. */
  pauseRoute(request: { readonly route: string; readonly paused: boolean; readonly by: string }): Promise<boolean>
}

export function createOperator({ admission, catalog }: OperatorDependencies): Operator {
  return {
    async routes() {
      const paused = await admission.pausedRoutes()
      return Object.entries(catalog().routes).map(([name, { kind, tiers }]): RouteResource => {
        const pause = paused.get(name)
        return {
          name,
          object: "route",
          kind,
          tiers: tiers.map((tier) => ({ name: tier.name, endpoints: "endpoints" in tier ? tier.endpoints : [] })),
          paused: pause ? { since: pause.since.toISOString(), by: pause.by } : null,
        }
      })
    },
    async endpoints() {
      const endpoints = [...catalog().endpoints.values()]
      const states = await admission.state(endpoints.map(admissionEndpointOf))
      const byName = new Map(states.map((state) => [state.name, state]))
      return endpoints.flatMap((endpoint) => {
        const state = byName.get(endpoint.name)
        return state ? [presentEndpoint(endpoint, state)] : []
      })
    },
    async forceBreaker(request) {
      if (!catalog().endpoints.has(request.endpoint)) return false
      await admission.force(request)
      return true
    },
    async pauseRoute(request) {
      if (!Object.hasOwn(catalog().routes, request.route)) return false
      await admission.pauseRoute(request)
      return true
    },
  }
}
