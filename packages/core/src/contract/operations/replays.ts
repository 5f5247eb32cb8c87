import { z } from "zod"
import { pageOf } from "../queries.ts"
import { listReplaysQuery, type ReplayResource, replayRequest, replayResource } from "../replay.ts"
import { exampleIds } from "./examples.ts"
import { location } from "./headers.ts"
import { json, type Operation } from "./operation.ts"

const pathParameters = z.strictObject({ id: z.string().meta({ description: "The replay's id.", examples: [exampleIds.replay] }) })

const filter = { errorType: "context_length" as const, route: "chat" }

const running: ReplayResource = {
  id: exampleIds.replay,
  object: "replay",
  status: "running",
  matched: 5_000,
  requeued: 1_240,
  succeeded: 1_180,
  failed: 3,
  cancelled: 0,
  skipped: 0,
  perSecond: 200,
  filter,
  ids: null,
  overrides: { route: "chat-large" },
  by: "admin",
  createdAt: "2026-11-20T19:00:00.000Z",
  finishedAt: null,
  cancelRequestedAt: null,
  hint: null,
}

const dryRun: ReplayResource = { ...running, id: null, status: "dry_run", requeued: 0, succeeded: 0, failed: 0 }
const cancelled: ReplayResource = { ...running, status: "cancelled", cancelRequestedAt: "2026-11-20T19:00:07.000Z" }

const createReplay: Operation = {
  id: "createReplay",
  method: "post",
  path: "/v1/dead-letters/replay",
  tag: "dead letters",
  summary: "Replay dead letters",
  description:
    "Runs the jobs again and makes the deliveries anew, at a bounded pace. A worker carries it out, so that it survives restarts. `dryRun` only counts.",
  scope: "dead-letters:write",
  body: {
    content: json(replayRequest, {
      byFilter: { filter, perSecond: 200, overrides: { route: "chat-large" } },
      dryRun: { filter: { state: "open" }, dryRun: true },
      byIds: { ids: [exampleIds.deadLetter] },
    }),
  },
  answers: {
    200: { description: "A dry run; or nothing matched, so that there is nothing to do.", content: json(replayResource, { dryRun }) },
    202: {
      description: "It has begun.",
      headers: z.object({ Location: location("/v1/replays/{id}", `/v1/replays/${exampleIds.replay}`) }),
      content: json(replayResource, { running }),
    },
  },
}

const listReplays: Operation = {
  id: "listReplays",
  method: "get",
  path: "/v1/replays",
  tag: "dead letters",
  summary: "List replays",
  description: "The tenant's, newest first.",
  scope: "dead-letters:read",
  query: listReplaysQuery,
  isRevalidated: true,
  answers: { 200: { description: "A page.", content: json(pageOf(replayResource), { page: { data: [running], nextCursor: null } }) } },
}

const getReplay: Operation = {
  id: "getReplay",
  method: "get",
  path: "/v1/replays/{id}",
  tag: "dead letters",
  summary: "Read a replay's progress",
  scope: "dead-letters:read",
  pathParameters,
  isRevalidated: true,
  answers: { 200: { description: "How far it is.", content: json(replayResource, { running }) } },
}

const cancelReplay: Operation = {
  id: "cancelReplay",
  method: "post",
  path: "/v1/replays/{id}/cancel",
  tag: "dead letters",
  summary: "Cancel a replay",
  description: "It starts no further run. Those that it has started go on.",
  scope: "dead-letters:write",
  pathParameters,
  answers: { 200: { description: "The replay as it is now.", content: json(replayResource, { cancelled }) } },
  problems: ["conflict"],
}

export const replayOperations = [createReplay, listReplays, getReplay, cancelReplay]
