import express from "express"
import { describe, expect, test } from "vitest"
import { mount } from "../routes/resource.ts"
import { send } from "../testing/send.ts"
import { notFound } from "./not-found.ts"
import { problemResponses } from "./problem-responses.ts"

function app() {
  const app = express()
  mount(app, {
    path: "/things",
    get: [(_request, response) => void response.send("got")],
    post: [(_request, response) => void response.send("posted")],
  })
  mount(app, { path: "/other", post: [(_request, response) => void response.send("posted")] })
  app.use(notFound())
  app.use(problemResponses())
  return app
}

describe("mount", () => {
  test("answers the methods that there are", async () => {
    expect(await send(app(), { path: "/things" })).toMatchObject({ status: 200, text: "got" })
    expect(await send(app(), { path: "/things", method: "POST" })).toMatchObject({ status: 200, text: "posted" })
  })

  test("answers HEAD as GET without the body", async () => {
    const answer = await send(app(), { path: "/things", method: "HEAD" })
    expect(answer).toMatchObject({ status: 200, text: "" })
    expect(answer.headers["content-length"]).toBe("3")
  })

  test.each(["PUT", "DELETE", "PATCH", "PROPFIND"])("refuses %s with what there is", async (method) => {
    const answer = await send(app(), { path: "/things", method })
    expect(answer.status).toBe(405)
    expect(answer.headers.allow).toBe("GET, HEAD, POST, OPTIONS")
    expect(JSON.parse(answer.text)).toMatchObject({ code: "method_not_allowed" })
  })

  test("refuses GET and HEAD where there is only POST", async () => {
    expect(await send(app(), { path: "/other" })).toMatchObject({ status: 405, headers: { allow: "POST, OPTIONS" } })
    expect(await send(app(), { path: "/other", method: "HEAD" })).toMatchObject({ status: 405, text: "" })
  })

  test("answers OPTIONS with what there is", async () => {
    expect(await send(app(), { path: "/other", method: "OPTIONS" })).toMatchObject({ status: 204, headers: { allow: "POST, OPTIONS" } })
  })

  test.each(["GET", "POST", "DELETE"])("does not find other addresses with %s", async (method) => {
    const answer = await send(app(), { path: "/nothing", method })
    expect(answer.status).toBe(404)
    expect(JSON.parse(answer.text)).toMatchObject({ code: "not_found" })
  })
})
