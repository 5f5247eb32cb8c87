import type { IRouter, RequestHandler } from "express"
import { type DiscardHandlerDependencies, discardDeadLettersHandler } from "./dead-letters/discard-dead-letters.ts"
import { getDeadLetterHandler } from "./dead-letters/get-dead-letter.ts"
import { type DeadLetterHandlerDependencies, listDeadLettersHandler } from "./dead-letters/list-dead-letters.ts"
import { summariseDeadLettersHandler } from "./dead-letters/summarise-dead-letters.ts"
import { type CreateReplayHandlerDependencies, createReplayHandler } from "./replays/create-replay.ts"
import { cancelReplayHandler, getReplayHandler, listReplaysHandler, type ReplayHandlerDependencies } from "./replays/replay-handlers.ts"
import { mount } from "./resource.ts"

export type DeadLetterRoutesDependencies = DeadLetterHandlerDependencies &
  DiscardHandlerDependencies &
  CreateReplayHandlerDependencies &
  ReplayHandlerDependencies

export interface Guards {
  readonly authenticate: RequestHandler
  readonly body: RequestHandler
}

/** Dead letters, and the replays of them. */
export function mountDeadLetters(app: IRouter, dependencies: DeadLetterRoutesDependencies, { authenticate, body }: Guards): void {
  mount(app, { path: "/v1/dead-letters", get: [authenticate, listDeadLettersHandler(dependencies)] })
  mount(app, { path: "/v1/dead-letters/summary", get: [authenticate, summariseDeadLettersHandler(dependencies)] })
  mount(app, { path: "/v1/dead-letters/discard", post: [authenticate, body, discardDeadLettersHandler(dependencies)] })
  mount(app, { path: "/v1/dead-letters/replay", post: [authenticate, body, createReplayHandler(dependencies)] })
  mount(app, { path: "/v1/dead-letters/:id", get: [authenticate, getDeadLetterHandler(dependencies)] })
  mount(app, { path: "/v1/replays", get: [authenticate, listReplaysHandler(dependencies)] })
  mount(app, { path: "/v1/replays/:id", get: [authenticate, getReplayHandler(dependencies)] })
  mount(app, { path: "/v1/replays/:id/cancel", post: [authenticate, cancelReplayHandler(dependencies)] })
}
