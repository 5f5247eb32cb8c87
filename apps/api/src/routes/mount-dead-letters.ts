import type { IRouter, RequestHandler } from "express"
import { requireScope } from "../middleware/require-scope.ts"
import { type DiscardHandlerDependencies, discardDeadLettersHandler } from "./dead-letters/discard-dead-letters.ts"
import { getDeadLetterHandler } from "./dead-letters/get-dead-letter.ts"
import { type GroupHandlerDependencies, groupDeadLettersHandler } from "./dead-letters/group-dead-letters.ts"
import { type DeadLetterHandlerDependencies, listDeadLettersHandler } from "./dead-letters/list-dead-letters.ts"
import { summariseDeadLettersHandler } from "./dead-letters/summarise-dead-letters.ts"
import { type CreateReplayHandlerDependencies, createReplayHandler } from "./replays/create-replay.ts"
import { cancelReplayHandler, getReplayHandler, listReplaysHandler, type ReplayHandlerDependencies } from "./replays/replay-handlers.ts"
import { mount } from "./resource.ts"

export type DeadLetterRoutesDependencies = DeadLetterHandlerDependencies &
  DiscardHandlerDependencies &
  GroupHandlerDependencies &
  CreateReplayHandlerDependencies &
  ReplayHandlerDependencies

export interface Guards {
  readonly authenticate: RequestHandler
  readonly body: RequestHandler
}

/** Dead letters, and the replays of them. */
export function mountDeadLetters(app: IRouter, dependencies: DeadLetterRoutesDependencies, { authenticate, body }: Guards): void {
  mount(app, { path: "/v1/dead-letters", get: [authenticate, requireScope("dead-letters:read"), listDeadLettersHandler(dependencies)] })
  mount(app, {
    path: "/v1/dead-letters/summary",
    get: [authenticate, requireScope("dead-letters:read"), summariseDeadLettersHandler(dependencies)],
  })
  mount(app, {
    path: "/v1/dead-letters/groups",
    get: [authenticate, requireScope("dead-letters:read"), groupDeadLettersHandler(dependencies)],
  })
  mount(app, {
    path: "/v1/dead-letters/discard",
    post: [authenticate, requireScope("dead-letters:write"), body, discardDeadLettersHandler(dependencies)],
  })
  mount(app, {
    path: "/v1/dead-letters/replay",
    post: [authenticate, requireScope("dead-letters:write"), body, createReplayHandler(dependencies)],
  })
  mount(app, { path: "/v1/dead-letters/:id", get: [authenticate, requireScope("dead-letters:read"), getDeadLetterHandler(dependencies)] })
  mount(app, { path: "/v1/replays", get: [authenticate, requireScope("dead-letters:read"), listReplaysHandler(dependencies)] })
  mount(app, { path: "/v1/replays/:id", get: [authenticate, requireScope("dead-letters:read"), getReplayHandler(dependencies)] })
  mount(app, {
    path: "/v1/replays/:id/cancel",
    post: [authenticate, requireScope("dead-letters:write"), cancelReplayHandler(dependencies)],
  })
}
