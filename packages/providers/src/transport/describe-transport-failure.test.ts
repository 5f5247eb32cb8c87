import { errors } from "undici"
import { describe, expect, test } from "vitest"
import { describeTransportFailure } from "./describe-transport-failure.ts"
import { TransportError } from "./transport-error.ts"

const limits = { firstChunkMs: 5_000, idleMs: 30_000 }
const withCode = (code: string): Error => Object.assign(new Error("low level words"), { code })

describe("describeTransportFailure", () => {
  test.each([
    ["UND_ERR_HEADERS_TIMEOUT", "timeout", "5000 ms (firstChunkMs)"],
    ["UND_ERR_BODY_TIMEOUT", "timeout", "30000 ms (idleMs)"],
    ["UND_ERR_CONNECT_TIMEOUT", "timeout", "no connection"],
    ["ETIMEDOUT", "timeout", "no connection"],
    ["ECONNREFUSED", "network", "refused"],
    ["ECONNRESET", "network", "reset"],
    ["EPIPE", "network", "closed"],
    ["UND_ERR_SOCKET", "network", "closed"],
    ["ENOTFOUND", "network", "resolved"],
    ["EAI_AGAIN", "network", "resolved"],
    ["EHOSTUNREACH", "network", "reached"],
    ["ENETUNREACH", "network", "reached"],
    ["UND_ERR_DESTROYED", "network", "pool"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "network", "DEPTH_ZERO_SELF_SIGNED_CERT"],
    ["UND_ERR_HEADERS_OVERFLOW", "not_http", "headers"],
  ])("%s is %s", (code, failure, words) => {
    const error = withCode(code)
    const described = describeTransportFailure(error, limits)
    expect(described).toMatchObject({ failure, message: expect.stringContaining(words), cause: error })
    expect(described?.message).not.toContain("low level")
  })

  test("a parser's complaint is not_http, with or without a code", () => {
    expect(describeTransportFailure(new errors.HTTPParserError("Expected HTTP/"), limits)?.failure).toBe("not_http")
    expect(
      describeTransportFailure(Object.assign(new errors.HTTPParserError("Bad"), { code: "HPE_INVALID_VERSION" }), limits)?.failure,
    ).toBe("not_http")
  })

  test.each([new Error("no code"), withCode("UND_ERR_INVALID_ARG"), withCode("ERR_INVALID_URL"), "text", null, { code: 7 }])(
    "%s is no failure of the transport",
    (error) => {
      expect(describeTransportFailure(error, limits)).toBeNull()
    },
  )

  test("leaves alone what is described already", () => {
    const error = new TransportError({ failure: "too_large", message: "x" })
    expect(describeTransportFailure(error, limits)).toBe(error)
  })
})
