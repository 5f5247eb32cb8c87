import type { RequestHandler } from "express"
import { isNdjson } from "./read-lines.ts"

/** Reads the body as JSON, unless it is NDJSON, which its handler reads line by line. */
export function unlessNdjson(readJson: RequestHandler): RequestHandler {
  return function readJsonUnlessNdjson(request, response, next) {
    return isNdjson(request) ? next() : readJson(request, response, next)
  }
}
