import { isIP } from "node:net"
import ipaddr from "ipaddr.js"
import { type Address, isInRange } from "./address-range.ts"
import { metadataRangeOf } from "./metadata-services.ts"
import type { WebhookPolicy } from "./webhook-policy.ts"

export type AddressVerdict =
  | { readonly kind: "public" }
  /** The operator allowed its range. */
  | { readonly kind: "allowed" }
  /** `what` goes on after "the address is". `isFinal`: no policy allows it. */
  | { readonly kind: "refused"; readonly what: string; readonly isFinal: boolean }

const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3")
const nat64 = ipaddr.IPv6.parseCIDR("64:ff9b::/96")

/**
 * Whether webhooks may go to an address: to those that the IANA registries leave as globally reachable, and to ranges that
 * the operator allowed. An IPv4 address inside an IPv6 one (mapped, NAT64) decides for both; what is left of the ways to wrap one
 * (compatible, translated, 6to4, Teredo, ISATAP) is refused.
 */
export function classifyAddress(text: string, policy: WebhookPolicy): AddressVerdict {
  const version = text.includes("%") ? 0 : isIP(text)
  if (version === 0) return refused("not one that can be checked", { isFinal: true })
  const address = unwrapped(ipaddr.process(version === 4 ? text : hexadecimal(text)))
  if (metadataRangeOf((range) => isInRange(address, range)) !== undefined)
    return refused("that of a cloud's metadata service", { isFinal: true })
  if (policy.allowAll || policy.allowedRanges.some((range) => isInRange(address, range))) return { kind: "allowed" }
  const range = address.range()
  if (range !== "unicast") return refused(`not public (${range})`)
  if (address instanceof ipaddr.IPv6 && !address.match(globalUnicast)) return refused("outside the public part of IPv6")
  if (address instanceof ipaddr.IPv6 && isIsatap(address)) return refused("a tunnel's (ISATAP)")
  return { kind: "public" }
}

/** ipaddr.js takes `::1.2.3.4`, an address of its own, for the mapped `::ffff:1.2.3.4`. */
function hexadecimal(text: string): string {
  return new URL(`http://[${text}]`).hostname.slice(1, -1)
}

/** Networks without IPv4 reach it through NAT64, whose DNS answers with such addresses for every receiver (RFC 6052, 6147). */
function unwrapped(address: Address): Address {
  if (address.kind() === "ipv4" || !address.match(nat64)) return address
  return ipaddr.fromByteArray(address.toByteArray().slice(12))
}

/** RFC 5214: the interface identifier is `[02]00:5efe` and an IPv4 address. */
function isIsatap(address: ipaddr.IPv6): boolean {
  const [fifth, sixth] = address.parts.slice(4, 6)
  return (fifth === 0 || fifth === 0x200) && sixth === 0x5efe
}

function refused(what: string, { isFinal } = { isFinal: false }): AddressVerdict {
  return { kind: "refused", what, isFinal }
}

/** What to do about it, for whoever owns the receiver. */
export function adviceOn({ isFinal }: { readonly isFinal: boolean }): string {
  return isFinal
    ? "Use the public address of a receiver."
    : "Use a public one; for a receiver in a private network, the operator has to allow its range (webhooks.allowPrivate)."
}
