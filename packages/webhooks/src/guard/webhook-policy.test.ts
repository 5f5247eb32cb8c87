import { describe, expect, test } from "vitest"
import { WebhookPolicyError, webhookPolicy } from "./webhook-policy.ts"

describe("webhookPolicy", () => {
  test("allows nothing private unless told", () => {
    expect(webhookPolicy({})).toMatchObject({ allowAll: false, allowedRanges: [] })
  })

  test.each(["10.0.0.0/8", "10.1.2.3/32", "0.0.0.0/0", "fd00::/8", "::1/128", "::/0", "64:ff9b::/96", "169.254.0.0/15"])(
    "takes %s",
    (cidr) => {
      expect(webhookPolicy({ allowPrivate: [cidr] }).allowedRanges).toMatchObject([{ cidr }])
    },
  )

  test.each([
    ["10.0.0.0", "10.0.0.0/32"],
    ["::1", "::1/128"],
    ["10.0.0.5/8", "Write 10.0.0.0/8"],
    ["10.0.0.5/8", "10.0.0.5/32"],
    ["fd00::1/8", "Write fd00::/8"],
    ["10.0.0.0/33", "no range"],
    ["10.0.0.0/-1", "no range"],
    ["10.0.0.0/", "no range"],
    ["10.0.0.0/8/8", "no range"],
    ["10/8", "no range"],
    ["012.0.0.0/8", "no range"],
    ["0x0a.0.0.0/8", "no range"],
    ["fe80::%eth0/10", "no range"],
    ["localhost", "no range"],
    ["", "no range"],
    ["::ffff:10.0.0.0/104", "as IPv4"],
    ["169.254.169.254/32", "metadata"],
    ["169.254.0.0/16", "metadata"],
    ["168.63.129.16/32", "metadata"],
    ["fd00:ec2::254/128", "metadata"],
  ])("refuses %j, and says what to write", (cidr, words) => {
    const refuse = (): unknown => webhookPolicy({ allowPrivate: ["10.0.0.0/8", cidr] })
    expect(refuse).toThrow(WebhookPolicyError)
    expect(refuse).toThrow(words)
    expect(refuse).toThrow(/^webhooks\.allowPrivate: /)
  })

  test("tells all faults at once, a line each", () => {
    expect(() => webhookPolicy({ allowPrivate: ["x", "y"], deniedPorts: [-1, 80.5, 70_000] })).toThrow(
      /^.*"x".*\n.*"y".*\n.*-1 .*\n.*80\.5 .*\n.*70000 /,
    )
  })

  test("denies ports that are none of the web's, or those it is told", () => {
    const { deniedPorts } = webhookPolicy({})
    expect([0, 1, 22, 25, 79, 81, 442, 444, 1_023, 2_375, 6_379, 27_017].filter((port) => !deniedPorts.has(port))).toEqual([])
    expect([80, 443, 1_024, 3_000, 8_080, 8_443, 32_768, 65_535].filter((port) => deniedPorts.has(port))).toEqual([])
    expect(Math.max(...deniedPorts)).toBeLessThan(32_768)
    expect([...webhookPolicy({ deniedPorts: [8_080] }).deniedPorts]).toEqual([8_080])
    expect([...webhookPolicy({ allowAll: true }).deniedPorts]).toEqual([])
  })
})
