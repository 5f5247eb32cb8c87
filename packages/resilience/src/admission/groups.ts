import { configureGroup, type Group } from "../limiter/group.ts"
import { configureConcurrency, type Records } from "./records.ts"
import type { ModelAdmitRequest, ModelEndpoint } from "./types.ts"

/** The groups of a pool, refilled. Only a change is kept: to look at a bucket leaves it as it is. */
export interface Groups {
  get(name: string): Group
  change(name: string, change: (group: Group) => Group): void
}

interface ConfigureOptions {
  readonly version: number
  readonly nowMs: number
}

/** The group as it is now, under the limits of this configuration unless those of a newer one are known. */
function configured(group: Group, endpoint: ModelEndpoint, { version, nowMs }: ConfigureOptions): Group {
  const perMinute = { requests: endpoint.requestsPerMinute, tokens: endpoint.tokensPerMinute }
  return configureGroup(group, { version, perMinute, nowMs })
}

/** Refills the group of an endpoint, and takes the endpoint's limits over. */
export function configure(records: Records, endpoint: ModelEndpoint, options: ConfigureOptions): void {
  records.setGroup(endpoint.limitGroup, configured(records.group(endpoint.limitGroup, options.nowMs), endpoint, options))
  configureConcurrency(records.endpoint(endpoint.name), options.version, endpoint.concurrency)
}

/** The groups of the pool for one question. New limits are taken over for good. */
export function createGroups(records: Records, { endpoints, version }: ModelAdmitRequest, nowMs: number): Groups {
  const groups = new Map<string, Group>()
  const get = (name: string): Group => groups.get(name) ?? records.group(name, nowMs)
  for (const endpoint of endpoints) {
    const before = get(endpoint.limitGroup)
    const group = configured(before, endpoint, { version, nowMs })
    groups.set(endpoint.limitGroup, group)
    if (group.limits !== before.limits) records.setGroup(endpoint.limitGroup, group)
    configureConcurrency(records.endpoint(endpoint.name), version, endpoint.concurrency)
  }
  return {
    get,
    change: (name, change) => {
      const changed = change(get(name))
      groups.set(name, changed)
      records.setGroup(name, changed)
    },
  }
}
