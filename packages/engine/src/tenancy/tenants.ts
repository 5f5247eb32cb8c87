import {
  type Clock,
  type CreateTenantRequest,
  defaultTenantId,
  newTenantId,
  type Tenant,
  type TenantChanges,
  type TenantSettings,
  type TenantStore,
  type UpdateTenantRequest,
} from "@sluice/core"

export interface TenantsDependencies {
  readonly store: TenantStore
  /** What `sluice.yaml` says at the moment. */
  readonly configured: () => Readonly<Record<string, TenantSettings>>
  /** Told of each change, so that it holds in this process at once. */
  readonly onChange: (tenant: Tenant) => void
  readonly clock: Clock
}

/** A tenant from its two sides. */
export interface TenantView {
  readonly id: string
  /** What `sluice.yaml` says; null when it does not declare it. */
  readonly declared: TenantSettings | null
  /** What the API keeps; null when nothing was ever set there. */
  readonly kept: Tenant | null
}

export interface TenantChange {
  /** Awaited before anything is changed: what cannot be written down is not done. */
  readonly beforeChange: (id: string) => Promise<void>
}

export type CreateTenantOutcome = { readonly kind: "made"; readonly tenant: TenantView } | { readonly kind: "exists"; readonly id: string }
export type UpdateTenantOutcome =
  | { readonly kind: "changed"; readonly tenant: TenantView }
  | { readonly kind: "missing" }
  /** `sluice.yaml` says these. */
  | { readonly kind: "pinned"; readonly settings: readonly string[] }

/** What operators do with tenants. What `sluice.yaml` says of one wins, and cannot be changed here. */
export interface Tenants {
  create(request: TenantChange & { readonly body: CreateTenantRequest }): Promise<CreateTenantOutcome>
  find(id: string): Promise<TenantView | null>
  /** By id, ascending; `after` is the last of the previous page. */
  list(request: { readonly after: string | null; readonly limit: number }): Promise<readonly TenantView[]>
  update(request: TenantChange & { readonly id: string; readonly body: UpdateTenantRequest }): Promise<UpdateTenantOutcome>
  /** `by` null takes it back. */
  setDisabled(request: TenantChange & { readonly id: string; readonly by: string | null }): Promise<UpdateTenantOutcome>
}

export function createTenants({ store, configured, onChange, clock }: TenantsDependencies): Tenants {
  const declaredOf = (id: string): TenantSettings | null => {
    const tenants = configured()
    return (Object.hasOwn(tenants, id) ? tenants[id] : null) ?? (id === defaultTenantId ? {} : null)
  }
  const viewOf = (id: string, kept: Tenant | null): TenantView => ({ id, declared: declaredOf(id), kept })
  const find = async (id: string): Promise<TenantView | null> => {
    const view = viewOf(id, await store.find(id))
    return view.declared || view.kept ? view : null
  }
  async function change(id: string, changes: TenantChanges): Promise<UpdateTenantOutcome> {
    const kept = await store.upsert({ id, at: clock(), changes })
    onChange(kept)
    return { kind: "changed", tenant: viewOf(id, kept) }
  }
  return {
    async create({ body, beforeChange }) {
      const at = clock()
      const id = body.id ?? newTenantId({ at })
      if (await find(id)) return { kind: "exists", id }
      const tenant: Tenant = { id, name: body.name ?? null, settings: body.settings ?? {}, disabled: null, createdAt: at, updatedAt: at }
      await beforeChange(id)
      if (!(await store.insert(tenant))) return { kind: "exists", id }
      onChange(tenant)
      return { kind: "made", tenant: viewOf(id, tenant) }
    },
    find,
    async list({ after, limit }) {
      const kept = await store.list({ after, limit })
      const keptById = new Map(kept.map((tenant) => [tenant.id, tenant]))
      const declared = [...new Set([defaultTenantId, ...Object.keys(configured())])].filter((id) => after === null || id > after)
      const page = [...new Set([...declared, ...keptById.keys()])].sort().slice(0, limit)
      return page.map((id) => viewOf(id, keptById.get(id) ?? null))
    },
    async update({ id, body, beforeChange }) {
      const before = await find(id)
      if (!before) return { kind: "missing" }
      const pinned = Object.keys(body.settings ?? {}).filter((name) => before.declared && Object.hasOwn(before.declared, name))
      if (pinned.length > 0) return { kind: "pinned", settings: pinned }
      await beforeChange(id)
      return await change(id, body)
    },
    async setDisabled({ id, by, beforeChange }) {
      const before = await find(id)
      if (!before) return { kind: "missing" }
      await beforeChange(id)
      return await change(id, { disabled: by === null ? null : (before.kept?.disabled ?? { at: clock(), by }) })
    },
  }
}
