import { ConnectionError, SluiceError, UnexpectedAnswerError } from "@sluice/client"
import { expect, test } from "vitest"
import { describeError } from "./describe-error.ts"
import { UsageError } from "./usage-error.ts"

const paint = (_style: string, text: string) => text
const problem = {
  type: "/problems/validation_failed",
  code: "validation_failed",
  title: "The request is not valid",
  status: 400,
  detail: "1 field is wrong.",
  instance: "/v1/jobs",
  requestId: "req_7f",
  retryable: false,
  errors: [{ pointer: "#/input/messages/0/role", code: "invalid_value", detail: 'Expected user; got "bot\u001b[2J".' }],
}

test("a problem: title, detail, each field with its pointer, and the request", () => {
  expect(describeError(new SluiceError({ problem }), paint)).toEqual({
    exitCode: 1,
    text: `The request is not valid
1 field is wrong.
  #/input/messages/0/role  Expected user; got "bot".
(validation_failed, request req_7f)`,
  })
})

test.each([
  [{ code: "unauthenticated", status: 401 }, null, "Set SLUICE_API_KEY (or SLUICE_ADMIN_KEY), or give --key."],
  [{ code: "storage_unavailable", status: 503 }, 1_500, "Try again in 2 s."],
])("%j: what to do", (over, retryAfterMs, words) => {
  expect(describeError(new SluiceError({ problem: { ...problem, ...over, errors: [] }, retryAfterMs }), paint).text).toContain(words)
})

test("nobody there, somebody else there, a wrong command line, and a fault of our own", () => {
  const baseUrl = "http://127.0.0.1:3000"
  const gone = new ConnectionError({ reason: "network", baseUrl, message: "fetch failed" })
  expect(describeError(gone, paint)).toEqual({
    exitCode: 3,
    text: "Nothing answers at http://127.0.0.1:3000: is `npm run api` running? Set SLUICE_URL or --url.",
  })
  const silent = new ConnectionError({ reason: "timeout", baseUrl, message: `${baseUrl} did not answer within 30000 ms.` })
  expect(describeError(silent, paint).exitCode).toBe(3)
  expect(describeError(new UnexpectedAnswerError({ status: 200, message: "a page" }), paint)).toMatchObject({ exitCode: 3 })
  expect(describeError(new UsageError("no"), paint)).toEqual({ exitCode: 2, text: "no" })
  expect(describeError(new TypeError("oops"), paint)).toMatchObject({ exitCode: 1, text: expect.stringContaining("at ") })
})
