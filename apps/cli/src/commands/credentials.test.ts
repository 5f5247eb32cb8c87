import { expect, test } from "vitest"
import { runFake } from "../testing/run-fake.ts"

const secret = "sk-proj-9aT0Zr5VnE8bqWm2Ls4x3kQe"
const credential = {
  name: "openai",
  object: "provider_credential",
  for: "provider",
  hint: "3kQe",
  createdAt: "2026-11-21T11:00:00.000Z",
  updatedAt: "2026-11-21T11:00:00.000Z",
  lastUsedAt: null,
}
const api = { "PUT /v1/provider-credentials/openai": { body: credential } }
const args = ["credentials", "set", "openai"]

test("a key is read from standard input, without the line's end, and shown nowhere", async () => {
  const { code, out, notes, calls } = await runFake({ args, api, input: `${secret}\n` })
  expect({ code, out }).toEqual({ code: 0, out: "openai: the key that ends in 3kQe is stored. It is used within seconds." })
  expect(calls[0]?.body).toEqual({ secret })
  expect(out + notes).not.toContain(secret)
})

test("at a terminal it is asked for, without echo", async () => {
  const { code, out, notes, calls, questions } = await runFake({ args, api, says: secret })
  expect(code).toBe(0)
  expect(calls[0]?.body).toEqual({ secret })
  expect(questions).toEqual(["The key for openai (it is not shown): "])
  expect(out + notes).not.toContain(secret)
})

test("without a key nothing is sent, and a key is no argument", async () => {
  const none = await runFake({ args, input: "\n" })
  expect(none).toMatchObject({ code: 2, calls: [], notes: expect.stringContaining("Pipe it in") })
  const argued = await runFake({ args: [...args, secret], api, input: "other-key-123" })
  expect(argued).toMatchObject({ code: 2, calls: [] })
})

test("list and remove", async () => {
  const listed = await runFake({
    args: ["credentials", "list"],
    api: { "GET /v1/provider-credentials": { body: { data: [credential], nextCursor: null } } },
  })
  expect(listed.out).toMatch(/^openai +provider +\.\.3kQe +1 h ago +never$/m)
  const removed = await runFake({
    args: ["credentials", "remove", "openai"],
    api: { "DELETE /v1/provider-credentials/openai": { body: null } },
  })
  expect(removed).toMatchObject({ code: 0, out: "openai: removed" })
})
