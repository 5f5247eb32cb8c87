import type { Request, RequestHandler } from "express"
import { assertJsonBounds } from "./assert-json-bounds.ts"
import { bodyTooLarge, malformedJson } from "./body-problems.ts"
import { collectBody } from "./collect-body.ts"
import { contentCodingOf, decode } from "./content-coding.ts"
import { assertJsonContentType } from "./content-type.ts"
import { hasBody } from "./discard-body.ts"
import { parseJson } from "./parse-json.ts"

export interface JsonBodyOptions {
  /** Of the body as it comes, and again as it is unpacked. */
  readonly maxBytes?: number
  readonly maxDepth?: number
  readonly maxValues?: number
}

/**
 * Puts the parsed body into `request.body`, or throws the problem that it has: `unsupported_media_type`,
 * `payload_too_large`, `malformed_json`, or `validation_failed` when it is nested too deeply.
 */
export function jsonBody({ maxBytes = 8 * 1024 * 1024, maxDepth = 64, maxValues = 250_000 }: JsonBodyOptions = {}): RequestHandler {
  return async function readJsonBody(request, _response, next) {
    const body = parseJson(await readBody(request, maxBytes))
    assertJsonBounds(body, { maxDepth, maxValues })
    request.body = body
    next()
  }
}

async function readBody(request: Request, maxBytes: number): Promise<Buffer> {
  const { headers } = request
  if (!hasBody(request)) throw malformedJson("The body is empty. Send a JSON object.")
  assertJsonContentType(headers["content-type"])
  const coding = contentCodingOf(headers["content-encoding"])
  if (Number(headers["content-length"] ?? 0) > maxBytes) throw bodyTooLarge(maxBytes)
  return decode(await collectBody(request, { maxBytes }), coding, maxBytes)
}
