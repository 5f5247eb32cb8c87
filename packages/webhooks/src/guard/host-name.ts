const maxHostLength = 253
const hostName = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** Names for machines of one's own: reserved (RFC 6761, 6762, 8375, ICANN's `internal`), or so used that they never became public. */
const localSuffixes = ["localhost", "local", "internal", "localdomain", "home.arpa", "intranet", "private", "corp", "home", "lan"]

/** Lower case, as the URL parser leaves it; international names in Punycode. */
export function isHostName(host: string): boolean {
  return host.length <= maxHostLength && hostName.test(host)
}

/** Whether a name can only mean a machine nearby. */
export function isLocalName(host: string): boolean {
  return !host.includes(".") || localSuffixes.some((suffix) => host.endsWith(`.${suffix}`))
}

/** RFC 6761, 6.3: never asked of a name server. */
export function isLocalhost(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost")
}
