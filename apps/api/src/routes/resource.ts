import type { IRouter, RequestHandler } from "express"
import { methodNotAllowed } from "../middleware/method-not-allowed.ts"

export interface Resource {
  readonly path: string
  /** What each method goes through, in order. HEAD is answered as GET without the body. */
  /** Before OPTIONS is answered with the methods that there are. */
  readonly options?: readonly RequestHandler[]
  readonly get?: readonly RequestHandler[]
  readonly post?: readonly RequestHandler[]
  readonly patch?: readonly RequestHandler[]
  readonly delete?: readonly RequestHandler[]
}

/** Mounts one address with its methods; the others are answered with 405, and OPTIONS with what there is. */
export function mount(router: IRouter, { path, options, get, post, patch, delete: remove }: Resource): void {
  const route = router.route(path)
  if (options) route.options(...options)
  if (get) route.get(...get)
  if (post) route.post(...post)
  if (patch) route.patch(...patch)
  if (remove) route.delete(...remove)
  const allow = [
    ...(get ? ["GET", "HEAD"] : []),
    ...(post ? ["POST"] : []),
    ...(patch ? ["PATCH"] : []),
    ...(remove ? ["DELETE"] : []),
    "OPTIONS",
  ]
  route.all(methodNotAllowed({ allow }))
}
