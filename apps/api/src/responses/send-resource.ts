import { hash } from "node:crypto"
import type { Request, Response } from "express"

/**
 * Answers a GET with JSON and a weak `ETag` over it (RFC 9110, 8.8.3), or with 304 when `If-None-Match` names it. The
 * caller may keep the answer, but has to ask before using it again.
 */
export function sendResource(request: Request, response: Response, body: unknown): void {
  const text = JSON.stringify(body)
  response.setHeader("ETag", `W/"${hash("sha1", text, "base64url")}"`)
  response.setHeader("Cache-Control", "private, no-cache")
  if (request.fresh) {
    response.status(304).end()
    return
  }
  response.setHeader("Content-Type", "application/json")
  response.setHeader("Content-Length", Buffer.byteLength(text))
  response.end(text)
}
