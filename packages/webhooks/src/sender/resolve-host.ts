import { isLocalhost, isLocalName } from "../guard/host-name.ts"

/** A `Resolver` of `node:dns/promises` is one. */
export interface HostResolver {
  resolve4(host: string): Promise<string[]>
  resolve6(host: string): Promise<string[]>
  /** For names of the private network, if they are looked up in another way. */
  lookup?(host: string): Promise<string[]>
}

const nothingThere = new Set(["ENOTFOUND", "ENODATA"])

/**
 * All addresses of a name, IPv4 first: where there is no IPv6, trying it first would cost time on every connection. Rejects
 * with the name server's error when there is none.
 */
export async function resolveHost(host: string, resolver: HostResolver): Promise<readonly string[]> {
  if (isLocalhost(host)) return ["127.0.0.1", "::1"]
  if (resolver.lookup !== undefined && isLocalName(host)) return await resolver.lookup(host)
  const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
  const addresses = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []))
  if (addresses.length > 0) return addresses
  const faults = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason] : []))
  // "No such name" is final only when both questions were answered so.
  throw faults.find((fault) => !nothingThere.has(fault?.code)) ?? faults[0]
}
