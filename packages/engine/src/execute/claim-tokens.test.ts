import { expect, test } from "vitest"
import { createClaimTokens } from "./claim-tokens.ts"

function setUp() {
  let made = 0
  let now = 0
  const token = createClaimTokens({ newToken: () => `t${++made}`, nowMs: () => now })
  const pass = (ms: number) => {
    now += ms
  }
  return { token, pass }
}

test("claims of the same moment share a token, later ones have another", () => {
  const { token, pass } = setUp()
  expect([token("a"), token("b")]).toEqual(["t1", "t1"])
  pass(49)
  expect(token("c")).toBe("t1")
  pass(1)
  expect(token("d")).toBe("t2")
})

test("a job never gets the same token twice", () => {
  const { token } = setUp()
  const tokens = [token("a"), token("b"), token("a"), token("a"), token("b")]
  expect(tokens).toEqual(["t1", "t1", "t2", "t3", "t3"])
})
