import express from "express"
import { expect, test } from "vitest"
import { send } from "../testing/send.ts"
import { requestId } from "./request-id.ts"

function echoing() {
  const app = express()
  app.use(requestId({ newRequestId: () => "req_made" }))
  app.get("/", (_request, response) => {
    response.send(response.locals.requestId)
  })
  return app
}

test.each(["a", "req_7f", "0af7651916cd43dd8448eb211c80319c", "a.b:c-d_e", "x".repeat(128)])("keeps the sane id %s", async (id) => {
  const answer = await send(echoing(), { headers: { "x-request-id": id } })
  expect(answer.headers["x-request-id"]).toBe(id)
  expect(answer.text).toBe(id)
})

test.each(["", "a b", "<script>", "{}", "-a", "ü", "x".repeat(129)])("replaces %j", async (id) => {
  const answer = await send(echoing(), { headers: { "x-request-id": id } })
  expect(answer.headers["x-request-id"]).toBe("req_made")
  expect(answer.text).toBe("req_made")
})

test("makes ids that are sane and differ", async () => {
  const app = express()
  app.use(requestId())
  const ids = await Promise.all([1, 2].map(async () => (await send(app, {})).headers["x-request-id"]))
  expect(ids[0]).toMatch(/^req_[A-Za-z0-9-]+$/)
  expect(ids[0]).not.toBe(ids[1])
})
