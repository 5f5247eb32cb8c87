import { qualities, tierNames } from "@sluice/core"
import type { IndexDescription } from "mongodb"

/** Named in the duplicate-key errors by which a repeated submission is recognised. */
export const idempotencyIndexName = "tenant_idempotency_key"

const deadLetters = { "deadLetter.at": { $exists: true } }

/** The indexes of `jobs`; each serves a query of the port, those with a condition only the jobs that it can find. */
export const jobIndexes: readonly IndexDescription[] = [
  // list: all jobs of a tenant, newest first
  { name: "tenant_newest", key: { tenantId: 1, _id: -1 } },
  // list by status
  { name: "tenant_status", key: { tenantId: 1, status: 1, _id: -1 } },
  // list by route
  { name: "tenant_route", key: { tenantId: 1, route: 1, _id: -1 } },
  // list by batch
  { name: "tenant_batch", key: { tenantId: 1, batchId: 1, _id: -1 }, partialFilterExpression: { batchId: { $exists: true } } },
  // batches: their counts, and what of them has not ended
  {
    name: "batch_status",
    key: { tenantId: 1, batchId: 1, status: 1, _id: 1 },
    partialFilterExpression: { batchId: { $exists: true } },
  },
  // batches: their results, by the time of their end
  {
    name: "batch_ended",
    key: { tenantId: 1, batchId: 1, finishedAt: 1, _id: 1 },
    partialFilterExpression: { batchId: { $exists: true }, finishedAt: { $exists: true } },
  },
  // list by metadata: one entry for each pair of key and value
  { name: "tenant_metadata", key: { tenantId: 1, metadata: 1, _id: -1 }, partialFilterExpression: { metadata: { $exists: true } } },
  // list by the error that ended the job
  { name: "tenant_error", key: { tenantId: 1, "error.type": 1, _id: -1 }, partialFilterExpression: { "error.type": { $exists: true } } },
  // list by who answered, and how well. What most jobs are is found soon among the newest, and costs no entry at each write
  {
    name: "tenant_lesser_quality",
    key: { tenantId: 1, "result.provenance.quality": 1, _id: -1 },
    partialFilterExpression: { "result.provenance.quality": { $in: qualities.filter((quality) => quality !== "full") } },
  },
  {
    name: "tenant_lower_tier",
    key: { tenantId: 1, "result.provenance.served.tier": 1, _id: -1 },
    partialFilterExpression: { "result.provenance.served.tier": { $in: tierNames.filter((tier) => tier !== "primary") } },
  },
  // insert: one job for an idempotency key; and the job that holds one
  {
    name: idempotencyIndexName,
    key: { tenantId: 1, idempotencyKey: 1 },
    unique: true,
    partialFilterExpression: { idempotencyKey: { $exists: true } },
  },
  // the reconciler's walks through the jobs that have not ended
  {
    name: "unfinished_route",
    key: { status: 1, route: 1, _id: 1 },
    partialFilterExpression: { status: { $in: ["queued", "running"] } },
  },
  // findRetired: jobs by how long they are to be retained, null for most, and by their end
  {
    name: "ended",
    key: { status: 1, "options.retainMs": 1, finishedAt: 1, _id: 1 },
    partialFilterExpression: { finishedAt: { $exists: true } },
  },
  // findDueToEnqueue: only the jobs that are not known to be in the queue
  { name: "enqueue_due", key: { enqueueDueAt: 1 }, sparse: true },
  // findUnaccounted: only the jobs of which something has not been accounted
  { name: "account_due", key: { accountDueAt: 1 }, sparse: true },
  // findPastDeadline: only the jobs that have not ended
  { name: "unfinished_deadline", key: { deadline: 1 }, partialFilterExpression: { status: { $in: ["queued", "running"] } } },
  // findOnBudget: only the jobs that wait for their tenant's budget
  { name: "waiting_for_budget", key: { tenantId: 1, _id: 1 }, partialFilterExpression: { "waiting.reason": "budget" } },
  // dead letters: list of all of a tenant, by time
  { name: "tenant_dead_letters", key: { tenantId: 1, "deadLetter.at": -1, _id: -1 }, partialFilterExpression: deadLetters },
  // dead letters: list, summary and replay of the open ones, by cause
  {
    name: "tenant_dead_letter_causes",
    key: {
      tenantId: 1,
      "deadLetter.state": 1,
      "deadLetter.at": -1,
      _id: -1,
      "deadLetter.error.type": 1,
      route: 1,
      "deadLetter.error.endpoint": 1,
    },
    partialFilterExpression: deadLetters,
  },
  // dead letters of all tenants: how many there were in a time, and which are too old
  { name: "dead_letter_times", key: { "deadLetter.state": 1, "deadLetter.at": 1 }, partialFilterExpression: deadLetters },
  // progress of a replay
  {
    name: "dead_letter_replays",
    key: { "deadLetter.replays.replayId": 1 },
    partialFilterExpression: { "deadLetter.replays.replayId": { $exists: true } },
  },
  // findToFanOut: only jobs with an event that is not fanned out
  { name: "events_to_fan_out", key: { "events.fannedOut": 1 }, partialFilterExpression: { "events.fannedOut": false } },
]
