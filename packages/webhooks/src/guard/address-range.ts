import { isIP } from "node:net"
import ipaddr from "ipaddr.js"

export type Address = ipaddr.IPv4 | ipaddr.IPv6

export interface AddressRange {
  /** As it was written, e.g. `10.0.0.0/8`. */
  readonly cidr: string
  readonly network: Address
  readonly prefixLength: number
}

/** A range in CIDR notation. Returns words for a person where it is none, or none that says plainly what it covers. */
export function parseAddressRange(cidr: string): AddressRange | { readonly problem: string } {
  const [written = "", ...rest] = cidr.split("/")
  // Stricter than ipaddr.js, which reads octal and short forms.
  const version = written.includes("%") ? 0 : isIP(written)
  const bits = version === 4 ? 32 : 128
  if (version === 0 || rest.length === 0 || !ipaddr.isValidCIDR(cidr)) {
    const example = version !== 0 && rest.length === 0 ? `${cidr}/${bits} for this one address` : "10.0.0.0/8"
    return { problem: `"${cidr}" is no range in CIDR notation. Write an address, a slash and a prefix length, such as ${example}.` }
  }
  const [address, prefixLength] = ipaddr.parseCIDR(cidr)
  const network = version === 4 ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr)
  if (address.toString() !== network.toString()) {
    const whole = `${network.toString()}/${prefixLength}`
    return {
      problem: `"${cidr}" covers more than its address says. Write ${whole} for the range, or ${written}/${bits} for the one address.`,
    }
  }
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress()) {
    return { problem: `"${cidr}" is a range of IPv4 written as IPv6. Write it as IPv4.` }
  }
  return { cidr, network, prefixLength }
}

export function isInRange(address: Address, { network, prefixLength }: AddressRange): boolean {
  return address.kind() === network.kind() && address.match(network, prefixLength)
}
