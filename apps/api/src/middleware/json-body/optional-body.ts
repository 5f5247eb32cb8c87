import type { RequestHandler } from "express"
import { hasBody } from "./discard-body.ts"

/** Reads a body by `read` where there is one. */
export function optionalBody(read: RequestHandler): RequestHandler {
  return function readBodyIfAny(request, response, next) {
    return hasBody(request) ? read(request, response, next) : next()
  }
}
