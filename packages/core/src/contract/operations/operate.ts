import { z } from "zod"
import { drillRequest, drillResource } from "../drill.ts"
import { type EndpointResource, endpointResource, forceBreakerRequest, type RouteResource, routeResource } from "../endpoint-resource.ts"
import { type OperationsEvent, operationsEvent } from "../operations-event.ts"
import { pageOf } from "../queries.ts"
import { type QueueResource, queueResource } from "../queue-resource.ts"
import { name } from "../scalars.ts"
import { exampleChatInput } from "./example-job.ts"
import { exampleIds, exampleTimes } from "./examples.ts"
import { json, type Operation } from "./operation.ts"

const tag = "operate"
const ofRoute = z.strictObject({ name: name.meta({ description: "The route's name.", examples: ["chat"] }) })
const ofEndpoint = z.strictObject({ name: name.meta({ description: "The endpoint's name.", examples: ["openai-eu"] }) })
const ofQueue = z.strictObject({ name: name.meta({ description: "The name of its route.", examples: ["chat"] }) })

const route: RouteResource = {
  name: "chat",
  object: "route",
  kind: "chat",
  tiers: [
    { name: "primary", endpoints: ["openai-eu"] },
    { name: "fallback", endpoints: ["azure-us"] },
  ],
  paused: null,
}
const pausedRoute: RouteResource = { ...route, paused: { since: exampleTimes.finished, by: "admin" } }

const endpoint: EndpointResource = {
  name: "openai-eu",
  object: "endpoint",
  provider: "openai",
  model: "gpt-4o-mini",
  region: "eu",
  breaker: {
    state: "closed",
    forced: null,
    openUntil: null,
    trips: 0,
    history: [{ at: exampleTimes.submitted, state: "closed", by: null, calls: { total: 3, failed: 0, slow: 0 } }],
  },
  calls: { total: 240, failed: 3, slow: 1, successRate: 0.9875 },
  latencyMs: 1_180,
  inFlight: 12,
  concurrencyCap: 64,
  requestsPerMinute: { limit: 5_000, used: 410 },
  tokensPerMinute: { limit: 2_000_000, used: 388_000 },
  pausedUntil: null,
  disabled: null,
}
const opened: EndpointResource = { ...endpoint, breaker: { ...endpoint.breaker, state: "open", forced: "open", trips: 1 } }

const queue: QueueResource = {
  name: "chat",
  object: "queue",
  prioritized: 118,
  waiting: 0,
  delayed: 4,
  active: 32,
  paused: false,
  oldestWaitingSince: exampleTimes.submitted,
  oldestWaitingMs: 2_130,
}

const exampleEvent: OperationsEvent = {
  type: "operations.changed",
  at: exampleTimes.finished,
  endedJobs: 17,
  endpoints: [
    { name: "openai-eu", breaker: "open", forced: null, changedAt: exampleTimes.finished, inFlight: 0, isDisabled: false },
    { name: "azure-us", breaker: "closed", forced: null, changedAt: null, inFlight: 12, isDisabled: false },
  ],
  routes: [{ name: "chat", isPaused: false }],
  queues: [{ name: "chat", inLine: 118, delayed: 4, active: 32, isPaused: false }],
}

const routes: Operation[] = [
  {
    id: "listRoutes",
    method: "get",
    path: "/v1/routes",
    tag,
    summary: "List routes",
    description: "Those of the configuration, and which of them an operator has paused.",
    scope: "operate:read",
    isRevalidated: true,
    answers: { 200: { description: "All of them.", content: json(pageOf(routeResource), { all: { data: [route], nextCursor: null } }) } },
  },
  {
    id: "pauseRoute",
    method: "post",
    path: "/v1/routes/{name}/pause",
    tag,
    summary: "Pause a route",
    description: "Its jobs are accepted and wait with the reason `route_paused`. Those under way go on.",
    scope: "operate:write",
    pathParameters: ofRoute,
    answers: { 200: { description: "The route as it is now.", content: json(routeResource, { paused: pausedRoute }) } },
  },
  {
    id: "resumeRoute",
    method: "post",
    path: "/v1/routes/{name}/resume",
    tag,
    summary: "Resume a route",
    scope: "operate:write",
    pathParameters: ofRoute,
    answers: { 200: { description: "The route as it is now.", content: json(routeResource, { route }) } },
  },
  {
    id: "drillRoute",
    method: "post",
    path: "/v1/routes/{name}/drill",
    tag,
    summary: "Try every tier of a route",
    description: "Submits one job for each tier, which that tier alone may answer. They are paid for like any other.",
    scope: "operate:write",
    pathParameters: ofRoute,
    body: { content: json(drillRequest, { canary: {}, ownInput: { input: exampleChatInput, task: "summary" } }) },
    answers: {
      202: {
        description: "The jobs.",
        content: json(drillResource, {
          submitted: { object: "drill", route: "chat", jobs: [{ tier: "primary", jobId: exampleIds.job }] },
        }),
      },
    },
  },
]

const endpoints: Operation[] = [
  {
    id: "listEndpoints",
    method: "get",
    path: "/v1/endpoints",
    tag,
    summary: "List endpoints",
    description: "With their live state, which all workers share.",
    scope: "operate:read",
    isRevalidated: true,
    answers: {
      200: { description: "All of them.", content: json(pageOf(endpointResource), { all: { data: [endpoint], nextCursor: null } }) },
    },
  },
  {
    id: "forceBreaker",
    method: "post",
    path: "/v1/endpoints/{name}/breaker",
    tag,
    summary: "Force an endpoint's breaker",
    description: "`open` keeps all calls away, `closed` lets them through whatever they meet, `auto` gives the word back to the breaker.",
    scope: "operate:write",
    pathParameters: ofEndpoint,
    body: { content: json(forceBreakerRequest, { open: { state: "open" }, auto: { state: "auto" } }) },
    answers: { 200: { description: "The endpoint as it is now.", content: json(endpointResource, { opened }) } },
  },
]

const queues: Operation[] = [
  {
    id: "listQueues",
    method: "get",
    path: "/v1/queues",
    tag,
    summary: "List queues",
    description: "Each route has one.",
    scope: "operate:read",
    isRevalidated: true,
    answers: { 200: { description: "All of them.", content: json(pageOf(queueResource), { all: { data: [queue], nextCursor: null } }) } },
  },
  {
    id: "pauseQueue",
    method: "post",
    path: "/v1/queues/{name}/pause",
    tag,
    summary: "Pause a queue",
    description: "Workers finish what they have, and fetch nothing. To be told why a job waits, pause the route instead.",
    scope: "operate:write",
    pathParameters: ofQueue,
    answers: { 200: { description: "The queue as it is now.", content: json(queueResource, { paused: { ...queue, paused: true } }) } },
  },
  {
    id: "resumeQueue",
    method: "post",
    path: "/v1/queues/{name}/resume",
    tag,
    summary: "Resume a queue",
    scope: "operate:write",
    pathParameters: ofQueue,
    answers: { 200: { description: "The queue as it is now.", content: json(queueResource, { queue }) } },
  },
]

const followOperations: Operation = {
  id: "followOperations",
  method: "get",
  path: "/v1/events",
  tag,
  summary: "Follow what changes in the running system",
  description:
    "Server-sent events without end: breakers, calls in flight, paused routes, queues, and how many jobs ended. The first one comes at once, the others when something has changed, at most one a second. Each says how everything is, so there is nothing to go on from after a lost connection: connect again. A comment every 15 s keeps the line open. The details are in the lists of endpoints, routes and queues.",
  scope: "operate:read",
  answers: {
    200: { description: "The events.", content: { "text/event-stream": { schema: operationsEvent, examples: { opened: exampleEvent } } } },
  },
}

export const operatorOperations = [...routes, ...endpoints, ...queues, followOperations]
