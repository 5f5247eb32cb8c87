import { z } from "zod"
import { chatInput } from "../chat.ts"
import { embeddingInput } from "../embedding.ts"
import { imageInput } from "../image.ts"
import { type JobEvent, jobEvent, jobEventsQuery } from "../job-event.ts"
import { jobOutput, jobResource } from "../job-resource.ts"
import { jobTokenQuery, jobTokenResource } from "../job-token.ts"
import { getJobQuery, listJobsQuery, maxWaitSeconds, pageOf, submitJobQuery } from "../queries.ts"
import { jobId, json as jsonValue } from "../scalars.ts"
import { submitRequest } from "../submit.ts"
import { cancelledJob, exampleChatInput, expandedJob, failedJob, queuedJob, succeededJob } from "./example-job.ts"
import { exampleIds } from "./examples.ts"
import { location, retryAfter } from "./headers.ts"
import { json, type Operation } from "./operation.ts"

const exampleDelta: JobEvent = {
  type: "output.delta",
  jobId: exampleIds.job,
  run: 1,
  attempt: 1,
  offset: 24,
  text: "because blue light ",
}
const exampleEnd: JobEvent = { type: "job.succeeded", jobId: exampleIds.job, run: 1, job: succeededJob }

const pathParameters = z.strictObject({ id: jobId })

/** `input` as each kind of route takes it, where validation waits for the route. */
export const describedSubmitRequest = submitRequest
  .extend({ input: z.union([chatInput, embeddingInput, imageInput, jsonValue]).describe("By the kind of the route.") })
  .meta({
    id: "SubmitRequest",
    description: "A job: what to do, and how. The body is at most 8 MiB, 64 levels deep.",
  })

const submitHeaders = z.object({
  "Idempotency-Key": z
    .string()
    .min(1)
    .max(255)
    .optional()
    .meta({
      description:
        "1 to 255 printable ASCII characters of your own, quoted or not. The same key with the same body within 24 h gives the same job instead of a second one; with another body it is `idempotency_key_reused`.",
      examples: ["order-81-summary"],
    }),
  Prefer: z
    .string()
    .optional()
    .meta({
      description: `\`wait=N\` (RFC 7240): the answer comes at the end of the job if that is within N seconds, at most ${maxWaitSeconds}.`,
      examples: ["wait=20"],
    }),
  traceparent: z
    .string()
    .optional()
    .meta({
      description: "W3C trace context, which the job's execution goes on with. One that is not valid is ignored.",
      examples: ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"],
    }),
})

const submittedHeaders = z.object({
  Location: location("/v1/jobs/{id}", `/v1/jobs/${exampleIds.job}`),
  "Preference-Applied": z
    .string()
    .optional()
    .meta({ description: "The wait that was granted.", examples: ["wait=20"] }),
  "Retry-After": retryAfter("While the job is unfinished: when to ask for it."),
})

const submitJob: Operation = {
  id: "submitJob",
  method: "post",
  path: "/v1/jobs",
  tag: "jobs",
  summary: "Submit a job",
  description:
    "The answer comes once the job is stored, so that it survives whatever fails after. With `wait` (or `Prefer: wait=N`) it comes at the end of the job, if that is in time.",
  scope: "jobs:write",
  query: submitJobQuery,
  headers: submitHeaders,
  body: {
    content: json(describedSubmitRequest, {
      chat: { route: "chat", input: exampleChatInput, metadata: { orderId: "81" } },
      chatWithSchema: {
        route: "chat",
        input: {
          messages: [{ role: "user", content: "Order 81: two chairs. Extract the order." }],
          responseFormat: {
            type: "json_schema",
            name: "order",
            schema: { type: "object", properties: { id: { type: "integer" }, item: { type: "string" } }, required: ["id", "item"] },
          },
        },
        options: { priority: "interactive", fallback: "provider", expiresInMs: 600_000, maxCostUsd: 0.05 },
        webhook: { url: "https://app.example/hooks", events: ["job.succeeded", "job.failed"] },
      },
      embedding: { route: "embed", input: { texts: ["two chairs", "a table"], dimensions: 256 }, options: { priority: "bulk" } },
      image: { route: "draw", input: { prompt: "A blue chair on a white floor", size: "1024x1024", count: 1 } },
    }),
  },
  answers: {
    200: {
      description:
        "The wait saw the end of the job; or the same key and body came before (`Idempotency-Replayed: true`), whatever its state.",
      headers: submittedHeaders.extend({
        "Idempotency-Replayed": z.literal("true").optional().meta({ description: "The job is that of an earlier request with this key." }),
      }),
      content: json(jobResource, { succeeded: succeededJob, failed: failedJob }),
    },
    202: {
      description: "Accepted: the job is stored and waits for its turn.",
      headers: submittedHeaders,
      content: json(jobResource, { queued: queuedJob }),
    },
  },
  problems: ["route_unknown", "budget_exhausted", "idempotency_key_reused", "tenant_queue_full"],
}

const listJobs: Operation = {
  id: "listJobs",
  method: "get",
  path: "/v1/jobs",
  tag: "jobs",
  summary: "List jobs",
  description: "The tenant's jobs, newest first.",
  scope: "jobs:read",
  query: listJobsQuery,
  filtersByMetadata: true,
  isRevalidated: true,
  answers: {
    200: {
      description: "A page.",
      content: json(pageOf(jobResource), {
        page: { data: [succeededJob], nextCursor: exampleIds.cursor },
        last: { data: [], nextCursor: null },
      }),
    },
  },
}

const getJob: Operation = {
  id: "getJob",
  method: "get",
  path: "/v1/jobs/{id}",
  tag: "jobs",
  summary: "Read a job",
  description: "200 whatever became of it. With `wait` the answer comes at its end, if that is in time, else it shows the job as it is.",
  scope: "jobs:read",
  pathParameters,
  query: getJobQuery.extend(jobTokenQuery),
  isRevalidated: true,
  answers: {
    200: {
      description: "The job as it is.",
      headers: z.object({ "Retry-After": retryAfter("While the job is unfinished: when to ask again.") }),
      content: json(jobResource, { queued: queuedJob, succeeded: succeededJob, failed: failedJob, expanded: expandedJob }),
    },
  },
}

const deleteJob: Operation = {
  id: "deleteJob",
  method: "delete",
  path: "/v1/jobs/{id}",
  tag: "jobs",
  summary: "Remove a finished job",
  description: "With its output, files, deliveries and kept answers.",
  scope: "jobs:write",
  pathParameters,
  answers: { 204: { description: "It is gone." } },
  problems: ["conflict"],
}

const cancelJob: Operation = {
  id: "cancelJob",
  method: "post",
  path: "/v1/jobs/{id}/cancel",
  tag: "jobs",
  summary: "Cancel a job",
  description: "A call under way is ended within a second or so. A job that had ended stays as it was, which its status says.",
  scope: "jobs:write",
  pathParameters,
  answers: {
    200: { description: "The job as it is now.", content: json(jobResource, { cancelled: cancelledJob, tooLate: succeededJob }) },
  },
}

const streamJobEvents: Operation = {
  id: "streamJobEvents",
  method: "get",
  path: "/v1/jobs/{id}/events",
  tag: "jobs",
  summary: "Follow a job as it happens",
  description:
    "Server-sent events up to the end of the job's run, its text piece by piece among them. Each event's data is a `JobEvent` as JSON; its `id` names the place from which another connection goes on. A job that has ended answers with what is known of its history. A comment every 15 s keeps the line open. The stream also ends, without the event of the end, when the server stops: connect again.",
  scope: "jobs:read",
  pathParameters,
  query: jobEventsQuery.extend(jobTokenQuery),
  headers: z.object({
    "Last-Event-ID": z
      .string()
      .optional()
      .meta({ description: "The id of the last event that arrived: the stream goes on after it.", examples: [exampleIds.jobEvent] }),
  }),
  answers: {
    200: {
      description: "The events.",
      content: { "text/event-stream": { schema: jobEvent, examples: { delta: exampleDelta, end: exampleEnd } } },
    },
    204: { description: "The end of this run has been told before: there is nothing to come back for." },
  },
}

const getOutput: Operation = {
  id: "getJobOutput",
  method: "get",
  path: "/v1/jobs/{id}/output",
  tag: "jobs",
  summary: "Read a job's output alone",
  description: "Of whatever size. In the job itself an output above 1 MiB is null, and `outputUrl` names this address.",
  scope: "jobs:read",
  pathParameters,
  query: z.strictObject(jobTokenQuery),
  isRevalidated: true,
  answers: { 200: { description: "The output.", content: json(jobOutput, { chat: succeededJob.output }) } },
}

const getImage: Operation = {
  id: "getJobImage",
  method: "get",
  path: "/v1/jobs/{id}/images/{name}",
  tag: "jobs",
  summary: "Read a generated image",
  description: "The job's output has the address. A type that browsers do not show comes as a download.",
  scope: "jobs:read",
  pathParameters: pathParameters.extend({ name: z.string().meta({ description: "From the output.", examples: ["1-3f9c2a-0"] }) }),
  query: z.strictObject(jobTokenQuery),
  isRevalidated: true,
  answers: { 200: { description: "The bytes.", content: { "image/*": { schema: null, examples: {} } } } },
}

const createToken: Operation = {
  id: "createJobToken",
  method: "post",
  path: "/v1/jobs/{id}/token",
  tag: "jobs",
  summary: "Make a token for a browser",
  description:
    "It reads this one job, its events, output and images, for 15 minutes, and may be given to a page: `EventSource` and `<img>` send no headers, so it goes as `?token=`. It is not stored; it ends early only with its tenant.",
  scope: "jobs:read",
  pathParameters,
  answers: {
    201: {
      description: "The token.",
      content: json(jobTokenResource, {
        token: {
          object: "job_token",
          jobId: exampleIds.job,
          token: `jt_${exampleIds.job.slice("job_".length)}.acme.1763662500.q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8l9z0x1c`,
          expiresAt: "2026-11-20T18:15:00.000Z",
        },
      }),
    },
  },
}

export const jobOperations = [submitJob, listJobs, getJob, deleteJob, cancelJob, streamJobEvents, getOutput, getImage, createToken]
