import { hash } from "node:crypto"
import type { RequestHandler } from "express"
import { createOpenapiDocument } from "../../openapi/create-document.ts"
import { assertNoQuery } from "../../queries/read-query.ts"

/** `GET /openapi.json`: the API's description for programs. It is made once, when it is first asked for. */
export function openapiHandler(): RequestHandler {
  let made: { readonly text: string; readonly etag: string } | undefined
  return function handleOpenapi(request, response) {
    assertNoQuery(request.url)
    made ??= makeDocument()
    response.setHeader("ETag", made.etag)
    response.setHeader("Cache-Control", "public, no-cache")
    if (request.fresh) {
      response.status(304).end()
      return
    }
    response.setHeader("Content-Type", "application/json")
    response.setHeader("Content-Length", Buffer.byteLength(made.text))
    response.end(made.text)
  }
}

function makeDocument() {
  const text = JSON.stringify(createOpenapiDocument())
  return { text, etag: `W/"${hash("sha1", text, "base64url")}"` }
}
