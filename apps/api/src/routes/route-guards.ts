import type { RequestHandler } from "express"

/** What requests go through before their handler. */
export interface RouteGuards {
  readonly authenticate: RequestHandler
  /** Reads a JSON body. */
  readonly body: RequestHandler
  /** Reads a JSON body if there is one. */
  readonly optionalBody: RequestHandler
}
