import { createBullBoard } from "@bull-board/api"
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter"
import { ExpressAdapter } from "@bull-board/express"
import type { QueueViews } from "@sluice/redis"
import { Router } from "express"
import { type AuthenticationOptions, authentication } from "../middleware/authentication.ts"
import { requireScope } from "../middleware/require-scope.ts"
import { askForPassword, passwordAsKey } from "./basic-authentication.ts"
import { boardHeaders } from "./board-headers.ts"
import { readOnly } from "./read-only.ts"

export const boardPath = "/admin/queues"

export interface QueueBoardOptions {
  readonly views: QueueViews
  /** Their queues are shown. Asked for anew with each page, as the configuration may have changed. */
  readonly routeNames: () => readonly string[]
  readonly authentication: AuthenticationOptions
}

/** Bull Board, to look at the queues in a browser, behind the admin key, or a key with `operate:read`. Nothing can be changed there. */
export function createQueueBoard({ views, routeNames, authentication: options }: QueueBoardOptions): Router {
  const serverAdapter = new ExpressAdapter().setBasePath(boardPath)
  const adapters = () => routeNames().map((route) => new BullMQAdapter(views.of(route), { readOnlyMode: true, displayName: route }))
  let shown = routeNames().join()
  const board = createBullBoard({ queues: adapters(), serverAdapter, options: { uiConfig: { boardTitle: "Sluice queues" } } })
  const router = Router()
  router.use(boardHeaders(), passwordAsKey(), authentication(options), requireScope("operate:read"), readOnly())
  router.use((_request, _response, next) => {
    const present = routeNames().join()
    if (present !== shown) board.replaceQueues(adapters())
    shown = present
    next()
  })
  router.use(serverAdapter.getRouter())
  router.use(askForPassword())
  return router
}
