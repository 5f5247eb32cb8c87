import {
  type AccountedCounts,
  type Attempt,
  type Claim,
  type DeadLetterRecord,
  type Discard,
  type EndedWait,
  type Job,
  type JobError,
  type JobOptions,
  type JobReplay,
  type JobResult,
  type JobStatus,
  type JobWebhook,
  jobSchemaVersion,
  type OutboxEvent,
  type StoredOutput,
  type Waiting,
  type Work,
} from "@sluice/core"
import type { Place, Sealed } from "../encryption/sealer.ts"
import { jobUpgrades } from "../migrations/job-upgrades.ts"
import { type Schema, type Upgrades, upgrade, type Versioned } from "../migrations/upgrade.ts"

/** The collection's name. */
export const jobsCollection = "jobs"

/**
 * JSON as its own text. Callers' JSON is deeper than MongoDB nests documents, has keys that BSON or the update operators
 * give a meaning (`$set`, `a.b`, `__proto__`, NUL) and half surrogates, none of which BSON keeps; as text it comes back
 * exactly. It is also the faster form: flushes of 1,000 went in at 7,500/s as text, 4,100/s as documents [measured].
 */
export type JsonText = string

/** An entry of the caller's metadata: as a value, a key may contain anything, and one index serves all keys. */
export interface MetadataEntry {
  readonly k: string
  readonly v: string
}

export type OutputDocument = Exclude<StoredOutput, { at: "job" }> | { readonly at: "job"; readonly value: Sealed }

export type ResultDocument = Omit<JobResult, "output"> & { readonly output: OutputDocument }

export type WebhookDocument = Omit<JobWebhook, "secret"> & { readonly secret: Sealed | null }

/** An entry of the outbox, with the mark of the write that made it, by which that write recognises itself. */
export type EventDocument = OutboxEvent & { readonly by?: string }

/** In step with the job's status, so that one index finds what is open without looking at the jobs. */
export type DeadLetterMark = "open" | "replayed" | "discarded"

export interface DeadLetterDocument extends Pick<DeadLetterRecord, "at" | "error"> {
  readonly state: DeadLetterMark
  readonly replays?: readonly JobReplay[]
  readonly discarded?: Discard
}

/** A job as MongoDB keeps it. What is null in a job is absent here, so that partial indexes hold only what has a value. */
export interface JobDocument {
  readonly _id: string
  readonly schemaVersion: number
  readonly tenantId: string
  readonly route: string
  readonly kind: Work["kind"]
  /** `JsonText`, encrypted where keys are configured. */
  readonly input: Sealed
  readonly options: JobOptions
  readonly webhook?: WebhookDocument
  readonly metadata?: readonly MetadataEntry[]
  readonly batchId?: string
  readonly customId?: string
  readonly idempotencyKey?: string
  readonly idempotencyExpiresAt?: Date
  readonly requestHash?: Sealed
  readonly traceparent?: string
  readonly requestId?: string
  readonly run: number
  readonly attempts: readonly Attempt[]
  readonly attemptCount: number
  readonly events: readonly EventDocument[]
  readonly waits?: readonly EndedWait[]
  readonly rescues: number
  readonly createdAt: Date
  readonly deadline: Date
  readonly startedAt?: Date
  readonly status: JobStatus
  readonly notBefore?: Date
  readonly waiting?: Waiting
  readonly enqueueDueAt?: Date
  readonly claim?: Claim
  readonly finishedAt?: Date
  readonly cancelRequestedAt?: Date
  readonly result?: ResultDocument
  readonly error?: JobError
  readonly deadLetter?: DeadLetterDocument
  /** The keys that encrypted what the submission brought, and the output. Absent: nothing did. */
  readonly inputKey?: string
  readonly outputKey?: string
  /** Set by each write that adds calls or an end, until a page of the ledger has them. */
  readonly accountDueAt?: Date
  /** What the ledger has of it, and which page was the last to take some. */
  readonly accounted?: AccountedCounts & { readonly page: number }
  /** The token of the claim that handed the job back last, by which that execution recognises its own write. */
  readonly handedBackBy?: string
}

/** Where a part of a job stands. Its output is written by executions, which do not know the tenant. */
export function placeInJob(
  { _id, tenantId }: Pick<JobDocument, "_id" | "tenantId">,
  field: "input" | "requestHash" | "webhook.secret" | "result.output",
): Place {
  return { collection: jobsCollection, id: _id, tenantId: field === "result.output" ? null : tenantId, field }
}

function isCurrent(document: Versioned): document is JobDocument {
  return document.schemaVersion === jobSchemaVersion
}

/** Upgrades a job as it was found; `upgrades` are the real ones unless a test brings its own. */
export function currentJobDocument(document: Versioned, upgrades: Upgrades = jobUpgrades): JobDocument {
  const schema: Schema<JobDocument> = { collection: jobsCollection, upgrades, isCurrent, current: jobSchemaVersion }
  return upgrade(document, schema)
}

/** What an id or a status must be for a document of a newer release to be left alone by a write. */
export const knownVersion = { schemaVersion: { $lte: jobSchemaVersion } } as const

/** Statuses in which a job has not ended. */
export const unfinished: Job["status"][] = ["queued", "running"]
