import type { Endpoint, RouteConfig } from "@sluice/core"

/** The part of the configuration that jobs meet. It is swapped whole, so ask for it anew for each job. */
export interface Catalog {
  /** Higher for a newer configuration: the limits of the newest win among processes. */
  readonly version: number
  readonly routes: Readonly<Record<string, RouteConfig>>
  readonly endpoints: ReadonlyMap<string, Endpoint>
}
