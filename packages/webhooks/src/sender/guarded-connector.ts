import type { LookupAddress } from "node:dns"
import { isIP, type LookupFunction } from "node:net"
import { buildConnector } from "undici"
import type { WebhookPolicy } from "../guard/webhook-policy.ts"
import { allowedAddresses } from "./allowed-addresses.ts"
import { type HostResolver, resolveHost } from "./resolve-host.ts"

export interface ConnectorOptions {
  readonly policy: () => WebhookPolicy
  readonly resolver: HostResolver
  /** Bounds name resolution, connection and TLS together. */
  readonly timeoutMs: number
  /** Certificate authorities to trust instead of the usual ones, in PEM. */
  readonly ca?: string
}

/**
 * A connector for undici that checks where it connects to. A name is resolved once per connection, and the socket is given the
 * very addresses that were checked, so that a name server which changes its mind in between changes nothing.
 */
export function createGuardedConnector(options: ConnectorOptions): buildConnector.connector {
  const open = { "https:": connectorOf("https:", options), "http:": connectorOf("http:", options) }
  return (target, callback) => {
    try {
      // For a literal address, Node asks no lookup.
      if (isIP(target.hostname) !== 0) allowed(target.hostname, target.protocol, [target.hostname], options)
    } catch (error) {
      queueMicrotask(() => callback(toError(error), null))
      return
    }
    open[target.protocol === "https:" ? "https:" : "http:"](target, callback)
  }
}

function connectorOf(protocol: string, options: ConnectorOptions): buildConnector.connector {
  return buildConnector({
    allowH2: false,
    timeout: options.timeoutMs,
    autoSelectFamily: true,
    lookup: guardedLookup(protocol, options),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  })
}

function guardedLookup(protocol: string, options: ConnectorOptions): LookupFunction {
  return (host, { all }, callback) => {
    resolveHost(host, options.resolver)
      .then((addresses) => allowed(host, protocol, addresses, options))
      .then(
        ([first, ...others]) => {
          if (first === undefined) callback(Object.assign(new Error(`No address for ${host}`), { code: "ENOTFOUND" }), "")
          else if (all) callback(null, [first, ...others])
          else callback(null, first.address, first.family)
        },
        (error: unknown) => callback(toError(error), ""),
      )
  }
}

function allowed(host: string, protocol: string, addresses: readonly string[], { policy }: ConnectorOptions): LookupAddress[] {
  return allowedAddresses({ host, protocol, addresses }, policy())
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
