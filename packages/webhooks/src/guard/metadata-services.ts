import ipaddr from "ipaddr.js"
import type { AddressRange } from "./address-range.ts"

const range = (cidr: string): AddressRange => {
  const [network, prefixLength] = ipaddr.parseCIDR(cidr)
  return { cidr, network, prefixLength }
}

/**
 * Where clouds hand out the credentials of the machine that asks. Some lie in ranges that look public, others in private
 * ranges that an operator may well allow, so they are refused whatever is allowed.
 */
const metadataRanges: readonly AddressRange[] = [
  // AWS, Google, Azure, Oracle, DigitalOcean, OpenStack; ECS at 169.254.170.2, EKS at .170.23, Tencent at .0.23
  range("169.254.0.0/16"),
  range("fe80::a9fe:a9fe/128"),
  // Azure: DHCP, DNS and the agent's "wire server"; counts as a public address
  range("168.63.129.16/32"),
  // Alibaba; within the shared range that Tailscale uses too
  range("100.100.100.200/32"),
  // Oracle's older one
  range("192.0.0.192/32"),
  // AWS over IPv6: instance metadata, DNS, time, EKS; Google over IPv6
  range("fd00:ec2::/32"),
  range("fd20:ce::254/128"),
]

const metadataHosts: ReadonlySet<string> = new Set([
  "metadata",
  "metadata.google.internal",
  "metadata.goog",
  "metadata.azure.com",
  "metadata.azure.internal",
  "metadata.tencentyun.com",
  "metadata.packet.net",
  "metadata.platformequinix.com",
  "instance-data",
  "instance-data.ec2.internal",
  "kubernetes.default.svc",
])

export function metadataRangeOf(matches: (range: AddressRange) => boolean): AddressRange | undefined {
  return metadataRanges.find(matches)
}

export function isMetadataHost(host: string): boolean {
  return metadataHosts.has(host)
}
