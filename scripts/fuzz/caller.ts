import type { FuzzRequest } from "./arbitrary-request.ts"
import { createKnownIds, type Names } from "./known-ids.ts"
import type { Answer, Sender } from "./send.ts"

export interface CallerOptions {
  readonly apiKey: string
  readonly names: Names
  /** For whom it calls, in turn. */
  readonly tenants: readonly string[]
  readonly sender: Sender
}

/** Sends requests with a key and with ids of what earlier answers told of. */
export function createCaller({ apiKey, names, tenants, sender }: CallerOptions): (request: FuzzRequest) => Promise<Answer> {
  const known = new Map(tenants.map((tenant) => [tenant, createKnownIds(names)]))
  let count = 0
  return async ({ kind, method, path, headers, body, caller }: FuzzRequest): Promise<Answer> => {
    count += 1
    if (kind === "raw") return sender.sendRaw(body ?? new Uint8Array())
    const random = count * 7
    const tenant = tenants[count % tenants.length] ?? ""
    const ids = known.get(tenant)
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids?.pick(path, name, random) ?? "unknown")
    const key = caller === "tenant" ? apiKey : "sk_stranger"
    const identity = caller === "nobody" ? {} : { authorization: `Bearer ${key}`, "x-sluice-tenant": tenant }
    const answer = await sender.send({ method, path: filled, headers: { ...identity, ...headers }, body })
    if (answer.status < 300) ids?.learn(answer.body)
    return answer
  }
}
