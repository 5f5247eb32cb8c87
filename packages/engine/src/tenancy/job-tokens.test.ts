import { newJobId } from "@sluice/core"
import fc from "fast-check"
import { expect, test } from "vitest"
import { createJobTokens } from "./job-tokens.ts"

const t0 = new Date("2026-01-01T00:00:00.000Z")
const subject = { tenantId: "acme_1", jobId: newJobId({ at: t0 }) }

function setUp() {
  const time = { now: t0 }
  return { time, tokens: createJobTokens({ secret: "sk_admin", clock: () => time.now, ttlMs: 900_000 }) }
}

test("a token names its job and its tenant until it ends", () => {
  const { time, tokens } = setUp()
  const { text, expiresAt } = tokens.issue(subject)
  expect(expiresAt).toEqual(new Date(t0.getTime() + 900_000))
  expect(tokens.verify(text)).toEqual({ kind: "valid", ...subject, expiresAt })
  time.now = new Date(expiresAt.getTime() - 1)
  expect(tokens.verify(text).kind).toBe("valid")
  time.now = expiresAt
  expect(tokens.verify(text)).toEqual({ kind: "expired" })
})

test("processes with the same secret take each other's tokens, others do not", () => {
  const { tokens } = setUp()
  const { text } = tokens.issue(subject)
  const other = (secret: string) => createJobTokens({ secret, clock: () => t0 })
  expect(other("sk_admin").verify(text).kind).toBe("valid")
  expect(other("sk_other").verify(text).kind).toBe("unknown")
  expect(text).not.toContain("sk_admin")
})

test("a token that was changed anywhere is none", () => {
  const { tokens } = setUp()
  const { text } = tokens.issue(subject)
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.constantFrom(..."0123456789abcdefXYZ._-"), (at, character) => {
      const changed = text.slice(0, at) + character + text.slice(at + 1)
      const { kind } = tokens.verify(changed)
      // The last character of base64 has bits that nobody reads.
      if (changed !== text && at < text.length - 1) expect(kind).toBe("unknown")
    }),
  )
  for (const wrong of ["", "jt_", `${text}a`, text.slice(0, -1), "sk_x"]) expect(tokens.verify(wrong).kind).toBe("unknown")
})
