import { IncomingMessage } from "node:http"
import { Socket } from "node:net"
import { describe, expect, test } from "vitest"
import { Problem } from "../problems/problem.ts"
import { idempotencyKeyOf } from "./idempotency-key.ts"

function withHeaders(...values: string[]): IncomingMessage {
  const message = new IncomingMessage(new Socket())
  message.rawHeaders = values.flatMap((value) => ["Idempotency-Key", value])
  message.headers = values.length === 0 ? {} : { "idempotency-key": values.join(", ") }
  message.headersDistinct = values.length === 0 ? {} : { "idempotency-key": values }
  return message
}

describe("idempotencyKeyOf", () => {
  test("is null without the header", () => {
    expect(idempotencyKeyOf(withHeaders())).toBeNull()
  })

  test.each([
    ["8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"],
    ['"8e03978e-40d5"', "8e03978e-40d5"],
    ['"a \\"b\\" \\\\c"', 'a "b" \\c'],
    ["a, b", "a, b"],
    ["x".repeat(255), "x".repeat(255)],
    [`"${"x".repeat(255)}"`, "x".repeat(255)],
  ])("reads %s", (header, key) => {
    expect(idempotencyKeyOf(withHeaders(header))).toBe(key)
  })

  test.each(["", '""', '"', '"a', '"a"b', '"a";p=1', "ü", "a\tb", "x".repeat(256)])("refuses %j", (header) => {
    expect(() => idempotencyKeyOf(withHeaders(header))).toThrow(Problem)
  })

  test("refuses two headers", () => {
    expect(() => idempotencyKeyOf(withHeaders("a", "b"))).toThrow(Problem)
  })
})
