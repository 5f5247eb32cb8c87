import type { DeadLetterFilter, DeadLetterStore, ReplayOverrides, RouteConfig } from "@sluice/core"
import type { Catalog } from "../catalog.ts"

export interface OverrideFault {
  /** Relative to the body. */
  readonly path: readonly string[]
  readonly message: string
}

export interface OverrideCheck {
  readonly overrides: ReplayOverrides
  readonly filter: DeadLetterFilter
  readonly deadLetters: DeadLetterStore
  readonly catalog: Pick<Catalog, "routes">
}

/** What keeps the selected dead letters from being replayed with these overrides. */
export async function faultsOfOverrides({ overrides, filter, deadLetters, catalog }: OverrideCheck): Promise<readonly OverrideFault[]> {
  const { route, endpoint } = overrides
  const { routes } = catalog
  if (route !== undefined && !Object.hasOwn(routes, route)) {
    return [{ path: ["overrides", "route"], message: `There is no route "${route}". There are ${Object.keys(routes).join(", ")}.` }]
  }
  const kinds = await deadLetters.summarise({ filter, by: "inputKind" })
  const deliveries = kinds.find(({ key }) => key === null)
  if (deliveries) {
    const message = `Only jobs can be overridden, and ${deliveries.count} of the dead letters are deliveries. Add "kind": "job" to the filter.`
    return [{ path: ["overrides"], message }]
  }
  const wrongKind = route === undefined ? [] : faultsOfKinds(kinds, { name: route, kind: routes[route]?.kind ?? "chat" })
  if (wrongKind.length > 0 || endpoint === undefined) return wrongKind
  const names = route === undefined ? (await deadLetters.summarise({ filter, by: "route" })).map(({ key }) => key ?? "") : [route]
  return names.flatMap((name) => faultsOfEndpoint(endpoint, name, Object.hasOwn(routes, name) ? routes[name] : undefined))
}

function faultsOfKinds(
  kinds: Awaited<ReturnType<DeadLetterStore["summarise"]>>,
  route: { readonly name: string; readonly kind: RouteConfig["kind"] },
): readonly OverrideFault[] {
  const others = kinds.filter(({ key }) => key !== route.kind)
  if (others.length === 0) return []
  const found = others.map(({ key, count }) => `${count} of kind ${key}`).join(", ")
  const message = `Route "${route.name}" takes jobs of kind ${route.kind}, but among the dead letters are ${found}. Narrow the selection.`
  return [{ path: ["overrides", "route"], message }]
}

function faultsOfEndpoint(endpoint: string, name: string, route: RouteConfig | undefined): readonly OverrideFault[] {
  const known = route?.tiers.flatMap((tier) => ("endpoints" in tier ? tier.endpoints : [])) ?? []
  if (known.includes(endpoint)) return []
  const message = route
    ? `Route "${name}" has no endpoint "${endpoint}". It has ${known.join(", ")}.`
    : `The dead letters are of route "${name}", which the configuration does not have any more. Override \`route\` too, or narrow the selection.`
  return [{ path: ["overrides", "endpoint"], message }]
}
