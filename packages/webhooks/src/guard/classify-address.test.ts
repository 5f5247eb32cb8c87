import fc from "fast-check"
import ipaddr from "ipaddr.js"
import { describe, expect, test } from "vitest"
import { classifyAddress } from "./classify-address.ts"
import { webhookPolicy } from "./webhook-policy.ts"

const none = webhookPolicy({})
const kindOf = (address: string, policy = none) => classifyAddress(address, policy).kind

const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join("."))

describe("classifyAddress", () => {
  test.each([
    "8.8.8.8",
    "1.1.1.1",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "192.167.1.1",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001::1",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
  ])("lets %s pass for public", (address) => expect(kindOf(address)).toBe("public"))

  test.each(["", "localhost", "127.1", "0x7f.1", "0177.0.0.1", "1.2.3", "fe80::1%eth0", "2606:4700::1%1", "8.8.8.8/32", " 8.8.8.8"])(
    "does not guess what %j means",
    (address) => expect(classifyAddress(address, webhookPolicy({ allowAll: true }))).toMatchObject({ kind: "refused", isFinal: true }),
  )

  test("judges a wrapped IPv4 address as the address, or refuses it", () => {
    fc.assert(
      fc.property(octets, (address) => {
        const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number)
        const pair = (high: number, low: number): string => ((high << 8) | low).toString(16)
        const wrapped = `${pair(a, b)}:${pair(c, d)}`
        const kind = kindOf(address)
        expect(kindOf(`::ffff:${address}`)).toBe(kind)
        expect(kindOf(`64:ff9b::${address}`)).toBe(kind)
        for (const other of [
          `::${address}`,
          `::ffff:0:${address}`,
          `2002:${wrapped}::1`,
          `2001:0:${wrapped}::1`,
          `64:ff9b:1::${address}`,
        ]) {
          expect([other, kindOf(other)]).toEqual([other, "refused"])
        }
        expect(kindOf(`2606:4700::5efe:${wrapped}`)).toBe("refused")
      }),
    )
  })

  test("keeps inside what is allowed, in either family", () => {
    const policy = webhookPolicy({ allowPrivate: ["10.0.0.0/8", "fd00::/8"] })
    fc.assert(
      fc.property(octets, (address) => {
        const isInside = address.startsWith("10.")
        expect(kindOf(address, policy)).toBe(isInside ? "allowed" : kindOf(address))
        expect(kindOf(`::ffff:${address}`, policy)).toBe(isInside ? "allowed" : kindOf(address))
      }),
    )
    expect([kindOf("fd12::1", policy), kindOf("fc00::1", policy), kindOf("::1", policy)]).toEqual(["allowed", "refused", "refused"])
  })

  test("never allows a metadata service, also where its range is allowed", () => {
    const policies = [none, webhookPolicy({ allowAll: true }), webhookPolicy({ allowPrivate: ["0.0.0.0/0", "::/0"] })]
    const services = [
      "169.254.169.254",
      "168.63.129.16",
      "100.100.100.200",
      "192.0.0.192",
      "fd00:ec2::254",
      "fd20:ce::254",
      "::ffff:169.254.169.254",
    ]
    for (const policy of policies) {
      for (const service of [...services, "64:ff9b::169.254.169.254"]) {
        expect([service, classifyAddress(service, policy)]).toEqual([service, expect.objectContaining({ kind: "refused", isFinal: true })])
      }
    }
  })

  test("agrees with the registry of IPv4 ranges at all their borders", () => {
    const special = [
      "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24",
      "192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 255.255.255.255/32",
    ].flatMap((line) => line.split(" "))
    for (const cidr of special) {
      const first = ipaddr.IPv4.networkAddressFromCIDR(cidr).toString()
      const last = ipaddr.IPv4.broadcastAddressFromCIDR(cidr).toString()
      expect([cidr, kindOf(first), kindOf(last)]).toEqual([cidr, "refused", "refused"])
    }
  })
})
