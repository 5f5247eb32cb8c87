import type { Document, Filter } from "mongodb"
import { blobFilesCollection } from "../blobs/blob-collections.ts"
import type { BlobFile } from "../blobs/blob-file.ts"
import type { BlobReseal } from "../blobs/reseal-blob.ts"
import { type CacheDocument, cacheCollection } from "../cache/cache-document.ts"
import { resealCacheEntry } from "../cache/reseal-cache-entry.ts"
import { type Database, sendTo } from "../connection/database.ts"
import { type DeliveryDocument, deliveriesCollection } from "../deliveries/delivery-document.ts"
import { resealedDelivery } from "../deliveries/reseal-delivery.ts"
import { type JobDocument, jobsCollection } from "../jobs/job-document.ts"
import { resealedJob } from "../jobs/reseal-job.ts"
import type { Operations } from "../operations/operations.ts"
import { type ProviderCredentialDocument, providerCredentialsCollection } from "../provider-credentials/provider-credential-document.ts"
import { resealedCredential } from "../provider-credentials/reseal-credential.ts"
import { forgetOtherKeys } from "./key-register.ts"
import type { Sealer } from "./sealer.ts"

/** Documents of one batch: they are read whole, and each may be megabytes. */
const batchSize = 50

export interface ResealProgress {
  /** Jobs, deliveries, kept answers, tenants' keys and files that were encrypted anew. */
  readonly resealed: number
}

export interface ResealRequest {
  /** Told after each batch, with the sum so far. */
  readonly onProgress?: ((progress: ResealProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface ResealOptions {
  readonly database: Database
  readonly operations: Operations
  readonly sealer: Sealer
  readonly resealBlob: BlobReseal
}

/** Goes through what is not encrypted with the key in use, and resolves to how many documents it has dealt with. */
type Pass = (told: (dealtWith: number) => void) => Promise<number>

/**
 * Encrypts anew, with the key in use, whatever is encrypted with another or not at all, while everything else runs. It may be
 * interrupted at any time and begun again. Resolves when nothing is left, or at the signal; in the first case no other key is
 * needed any more, provided that no process writes with another.
 */
export function createReseal({ database, operations, sealer, resealBlob }: ResealOptions) {
  return async ({ onProgress, signal }: ResealRequest = {}): Promise<ResealProgress> => {
    const { keyId } = sealer
    if (keyId === null) return { resealed: 0 }
    let resealed = 0
    const context = { database, operations, keyId, isStopped: () => signal?.aborted === true }
    const toCache = sendTo<CacheDocument>(database, cacheCollection)
    const passes: readonly Pass[] = [
      walk<JobDocument>(context, jobsCollection, jobFilter(keyId), (jobs) =>
        writeAll(
          database,
          jobsCollection,
          jobs.flatMap((job) => resealedJob(job, sealer)),
        ),
      ),
      walk<DeliveryDocument>(context, deliveriesCollection, { bodyKey: { $ne: keyId } }, (found) =>
        writeAll(
          database,
          deliveriesCollection,
          found.flatMap((delivery) => resealedDelivery(delivery, sealer)),
        ),
      ),
      walk<CacheDocument>(context, cacheCollection, { entryKey: { $ne: keyId } }, (entries) =>
        inTurn(entries, (entry) => resealCacheEntry(toCache, entry, sealer)),
      ),
      walk<ProviderCredentialDocument>(context, providerCredentialsCollection, { secretKey: { $ne: keyId } }, (found) =>
        writeAll(
          database,
          providerCredentialsCollection,
          found.flatMap((credential) => resealedCredential(credential, sealer)),
        ),
      ),
      walk<BlobFile>(context, blobFilesCollection, { "metadata.keyId": { $ne: keyId } }, (files) => inTurn(files, resealBlob)),
    ]
    for (let done = 1; done > 0 && !context.isStopped(); ) {
      done = 0
      for (const pass of passes) {
        const before = resealed + done
        done += await pass((more) => onProgress?.({ resealed: before + more }))
      }
      resealed += done
    }
    if (!context.isStopped()) await forgetOtherKeys({ database, operations, keyId })
    return { resealed }
  }
}

function jobFilter(keyId: string): Filter<Document> {
  return { $or: [{ inputKey: { $ne: keyId } }, { "result.output.at": "job", outputKey: { $ne: keyId } }] }
}

interface WalkContext {
  readonly database: Database
  readonly operations: Operations
  readonly isStopped: () => boolean
}

type Stored = Pick<JobDocument, "_id"> | Pick<BlobFile, "_id">

/** From the start to the end by id; what changes meanwhile comes again with the next pass. */
function walk<Item extends Stored>(
  { database, operations, isStopped }: WalkContext,
  collection: string,
  filter: Filter<Document>,
  reseal: (items: readonly Item[]) => Promise<void>,
): Pass {
  const toItems = sendTo<Document>(database, collection)
  return async (told) => {
    let dealtWith = 0
    for (let after: Stored["_id"] | null = null; !isStopped(); ) {
      const rest: Document = after === null ? filter : { $and: [filter, { _id: { $gt: after } }] }
      const items: Item[] = await operations.run(`read of ${collection} to encrypt`, () =>
        toItems((found) => found.find<Item>(rest, { sort: { _id: 1 }, limit: batchSize }).toArray()),
      )
      const last = items.at(-1)
      if (!last) break
      after = last._id
      await operations.run(`encryption of ${collection}`, () => reseal(items))
      dealtWith += items.length
      told(dealtWith)
    }
    return dealtWith
  }
}

async function inTurn<Item>(items: readonly Item[], one: (item: Item) => Promise<void>): Promise<void> {
  for (const item of items) await one(item)
}

/** An update that applies only to the document as it was read. */
export interface ConditionalReseal {
  readonly filter: { readonly _id: string } & Readonly<Record<string, unknown>>
  readonly set: Readonly<Record<string, unknown>>
}

async function writeAll(database: Database, collection: string, writes: readonly ConditionalReseal[]): Promise<void> {
  if (writes.length === 0) return
  const operations = writes.map(({ filter, set }) => ({ updateOne: { filter, update: { $set: set } } }))
  await sendTo<{ _id: string }>(database, collection)((documents) => documents.bulkWrite(operations, { ordered: false }))
}
