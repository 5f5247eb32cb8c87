/** Ids that answers told, so that later requests meet what exists. The latest of each prefix. */
export interface KnownIds {
  learn(body: Buffer): void
  /** One that fits a parameter of a path, or a made-up one. */
  pick(path: string, parameter: string, random: number): string
}

const kept = 200
/** A delivery's is made of those of its event and its endpoint. */
const id = /"((?:job|whe|dl|rpl|batch|key|ten)_[0-9a-f]{32}|evt_[0-9a-f]{32}:whe_[0-9a-f]{32})"/g

const prefixes: Readonly<Record<string, string>> = {
  jobs: "job_",
  "webhook-endpoints": "whe_",
  "dead-letters": "dl_",
  replays: "rpl_",
  batches: "batch_",
  "api-keys": "key_",
  deliveries: "evt_",
}

export interface Names {
  readonly routes: readonly string[]
  readonly endpoints: readonly string[]
  readonly tenants: readonly string[]
  readonly providers: readonly string[]
}

export function createKnownIds({ routes, endpoints, tenants, providers }: Names): KnownIds {
  const names: Readonly<Record<string, readonly string[]>> = {
    routes,
    queues: routes,
    endpoints,
    tenants,
    "provider-credentials": providers,
    problems: ["conflict"],
  }
  const known: Record<string, string[]> = {}
  return {
    learn(body) {
      for (const [, found = ""] of body.subarray(0, 20_000).toString().matchAll(id)) {
        const prefix = found.slice(0, found.indexOf("_") + 1)
        known[prefix] = [...(known[prefix] ?? []), found].slice(-kept)
      }
    },
    pick(path, parameter, random) {
      const before =
        path
          .slice(0, path.indexOf(`{${parameter}}`))
          .split("/")
          .at(-2) ?? ""
      const candidates = names[before] ?? known[prefixes[before] ?? ""] ?? []
      return candidates[random % Math.max(1, candidates.length)] ?? "unknown"
    },
  }
}
