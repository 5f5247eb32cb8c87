import type { IRouter, RequestHandler } from "express"
import { methodNotAllowed } from "../middleware/method-not-allowed.ts"

export interface Resource {
  readonly path: string
  /** What each method goes through, in order. HEAD is answered as GET without the body. */
  /** What goes before OPTIONS is answered with the methods that there are, and before other methods are refused. */
  readonly otherwise?: readonly RequestHandler[]
  readonly get?: readonly RequestHandler[]
  readonly post?: readonly RequestHandler[]
  readonly put?: readonly RequestHandler[]
  readonly patch?: readonly RequestHandler[]
  readonly delete?: readonly RequestHandler[]
}

/** Mounts one address with its methods; the others are answered with 405, and OPTIONS with what there is. */
export function mount(router: IRouter, { path, otherwise = [], get, post, put, patch, delete: remove }: Resource): void {
  const route = router.route(path)
  if (get) route.get(...get)
  if (post) route.post(...post)
  if (put) route.put(...put)
  if (patch) route.patch(...patch)
  if (remove) route.delete(...remove)
  const allow = [
    ...(get ? ["GET", "HEAD"] : []),
    ...(post ? ["POST"] : []),
    ...(put ? ["PUT"] : []),
    ...(patch ? ["PATCH"] : []),
    ...(remove ? ["DELETE"] : []),
    "OPTIONS",
  ]
  route.all(...otherwise, methodNotAllowed({ allow }))
}
