import { lookup, Resolver } from "node:dns/promises"
import type { HostResolver } from "./resolve-host.ts"

/**
 * Asks the system's name servers. Public names are asked for without Node's thread pool, in which four names whose servers do not
 * answer would hold up all else, files included. Names of the private network, whose servers are one's own, are
 * looked up as other programs do it, with the `hosts` file and search domains.
 */
export function createSystemResolver(): HostResolver {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 })
  return {
    resolve4: (host) => resolver.resolve4(host),
    resolve6: (host) => resolver.resolve6(host),
    lookup: async (host) => (await lookup(host, { all: true, order: "ipv4first" })).map(({ address }) => address),
  }
}
