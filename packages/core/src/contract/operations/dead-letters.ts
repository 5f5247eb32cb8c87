import { z } from "zod"
import {
  type DeadLetterResource,
  deadLetterGroups,
  deadLetterGroupsQuery,
  deadLetterId,
  deadLetterResource,
  deadLetterSummary,
  deadLetterSummaryQuery,
  discardDeadLettersRequest,
  discardedDeadLetters,
  listDeadLettersQuery,
  maxDeadLetterGroups,
} from "../dead-letter.ts"
import { pageOf } from "../queries.ts"
import { exampleIds, exampleTimes } from "./examples.ts"
import { json, type Operation } from "./operation.ts"

export const exampleDeadLetter: DeadLetterResource = {
  id: exampleIds.deadLetter,
  object: "dead_letter",
  kind: "job",
  state: "open",
  jobId: exampleIds.job,
  deliveryId: null,
  tenantId: "acme",
  route: "chat",
  endpoint: "openai-eu",
  error: { type: "context_length", message: "openai-eu: the input has 130,212 tokens, its model takes 128,000.", httpStatus: 400 },
  attemptCount: 1,
  createdAt: exampleTimes.finished,
  purgeAt: exampleTimes.purged,
  replays: [],
  discarded: null,
}

const listDeadLetters: Operation = {
  id: "listDeadLetters",
  method: "get",
  path: "/v1/dead-letters",
  tag: "dead letters",
  summary: "List dead letters",
  description: "The tenant's, newest first. Without `state` those of every state.",
  scope: "dead-letters:read",
  query: listDeadLettersQuery,
  filtersByMetadata: true,
  isRevalidated: true,
  answers: {
    200: { description: "A page.", content: json(pageOf(deadLetterResource), { page: { data: [exampleDeadLetter], nextCursor: null } }) },
  },
}

const summariseDeadLetters: Operation = {
  id: "summariseDeadLetters",
  method: "get",
  path: "/v1/dead-letters/summary",
  tag: "dead letters",
  summary: "Count dead letters by cause",
  description: "Without `state` the open ones.",
  scope: "dead-letters:read",
  query: deadLetterSummaryQuery,
  filtersByMetadata: true,
  isRevalidated: true,
  answers: {
    200: {
      description: "The counts.",
      content: json(deadLetterSummary, {
        byErrorType: {
          object: "dead_letter_summary",
          by: "errorType",
          total: 5_000,
          data: [
            { key: "context_length", count: 4_800 },
            { key: "deadline_exceeded", count: 200 },
          ],
        },
      }),
    },
  },
}

const groupDeadLetters: Operation = {
  id: "groupDeadLetters",
  method: "get",
  path: "/v1/dead-letters/groups",
  tag: "dead letters",
  summary: "Group dead letters by cause",
  description: `By kind, error, route and endpoint together, up to ${maxDeadLetterGroups} groups, each with the words of one of them and the filter that selects them for a replay or a discard. Without \`state\` the open ones.`,
  scope: "dead-letters:read",
  query: deadLetterGroupsQuery,
  filtersByMetadata: true,
  isRevalidated: true,
  answers: {
    200: {
      description: "The groups.",
      content: json(deadLetterGroups, {
        open: {
          object: "dead_letter_groups",
          total: 4_800,
          isComplete: true,
          data: [
            {
              kind: "job",
              errorType: "context_length",
              route: "chat",
              endpoint: "openai-eu",
              count: 4_800,
              oldestAt: exampleTimes.submitted,
              newestAt: exampleTimes.finished,
              sample: { id: exampleIds.deadLetter, jobId: exampleIds.job, message: exampleDeadLetter.error.message, httpStatus: 400 },
              filter: { kind: "job", errorType: "context_length", route: "chat", endpoint: "openai-eu" },
            },
          ],
        },
      }),
    },
  },
}

const getDeadLetter: Operation = {
  id: "getDeadLetter",
  method: "get",
  path: "/v1/dead-letters/{id}",
  tag: "dead letters",
  summary: "Read a dead letter",
  scope: "dead-letters:read",
  pathParameters: z.strictObject({ id: deadLetterId }),
  isRevalidated: true,
  answers: { 200: { description: "The dead letter as it is.", content: json(deadLetterResource, { open: exampleDeadLetter }) } },
}

const discardDeadLetters: Operation = {
  id: "discardDeadLetters",
  method: "post",
  path: "/v1/dead-letters/discard",
  tag: "dead letters",
  summary: "Discard dead letters",
  description: "Nobody has to act on them any more. They stay readable until they are purged.",
  scope: "dead-letters:write",
  body: {
    content: json(discardDeadLettersRequest, {
      byFilter: { filter: { errorType: "context_length", route: "chat" }, reason: "Inputs of a faulty release" },
      byIds: { ids: [exampleIds.deadLetter], reason: "Answered by hand" },
    }),
  },
  answers: {
    200: { description: "How many were discarded.", content: json(discardedDeadLetters, { all: { discarded: 4_800, hint: null } }) },
  },
}

export const deadLetterOperations = [listDeadLetters, summariseDeadLetters, groupDeadLetters, getDeadLetter, discardDeadLetters]
