import { type IndexDescription, MongoServerError } from "mongodb"
import { alertsCollection } from "../alerts/alert-document.ts"
import { apiKeysCollection } from "../api-keys/api-key-document.ts"
import { auditCollection } from "../audit/audit-log.ts"
import { batchesCollection } from "../batches/batch-document.ts"
import { blobChunksCollection, blobFilesCollection } from "../blobs/blob-collections.ts"
import { cacheCollection } from "../cache/cache-document.ts"
import type { Database } from "../connection/database.ts"
import { deliveriesCollection } from "../deliveries/delivery-document.ts"
import { isTransient } from "../errors/transient.ts"
import { filesCollection } from "../files/file-store.ts"
import { jobsCollection } from "../jobs/job-document.ts"
import type { Operations } from "../operations/operations.ts"
import { providerCredentialsCollection } from "../provider-credentials/provider-credential-document.ts"
import { replaysCollection } from "../replays/replay-document.ts"
import { tenantsCollection } from "../tenants/tenant-document.ts"
import { usageCollection } from "../usage/usage-document.ts"
import { webhookEndpointsCollection, webhookRecoveriesCollection } from "../webhook-endpoints/webhook-endpoint-document.ts"
import { alertIndexes } from "./alerts.ts"
import { auditIndexes } from "./audit.ts"
import { batchIndexes } from "./batches.ts"
import { blobChunkIndexes, blobFileIndexes } from "./blobs.ts"
import { cacheIndexes } from "./cache.ts"
import { deadDeliveryIndexes } from "./dead-deliveries.ts"
import { deliveryIndexes } from "./deliveries.ts"
import { fileIndexes } from "./files.ts"
import { jobIndexes } from "./jobs.ts"
import { providerCredentialIndexes } from "./provider-credentials.ts"
import { replayIndexes } from "./replays.ts"
import { apiKeyIndexes, tenantIndexes } from "./tenants.ts"
import { usageIndexes } from "./usage.ts"
import { webhookEndpointIndexes, webhookRecoveryIndexes } from "./webhook-endpoints.ts"

const indexesOf: readonly (readonly [collection: string, indexes: readonly IndexDescription[]])[] = [
  [jobsCollection, jobIndexes],
  [blobFilesCollection, blobFileIndexes],
  [blobChunksCollection, blobChunkIndexes],
  [cacheCollection, cacheIndexes],
  [providerCredentialsCollection, providerCredentialIndexes],
  [batchesCollection, batchIndexes],
  [replaysCollection, replayIndexes],
  [auditCollection, auditIndexes],
  [filesCollection, fileIndexes],
  [alertsCollection, alertIndexes],
  [deliveriesCollection, [...deliveryIndexes, ...deadDeliveryIndexes]],
  [usageCollection, usageIndexes],
  [webhookEndpointsCollection, webhookEndpointIndexes],
  [webhookRecoveriesCollection, webhookRecoveryIndexes],
  [tenantsCollection, tenantIndexes],
  [apiKeysCollection, apiKeyIndexes],
]

/**
 * Creates what is missing, each collection with all its indexes in one command: a unique index that were built later would
 * leave a time without it. Several processes may do so at once. (Leases are found by `_id` alone.)
 */
export async function ensureIndexes(database: Database, operations: Operations): Promise<void> {
  for (const [collection, indexes] of indexesOf) {
    await operations.run(`creation of the indexes of ${collection}`, () => createIndexes(database, collection, indexes))
  }
}

async function createIndexes(database: Database, collection: string, indexes: readonly IndexDescription[]): Promise<void> {
  try {
    await database.send((db) => db.collection(collection).createIndexes([...indexes]))
  } catch (error) {
    if (isTransient(error) || !(error instanceof MongoServerError)) throw error
    const where = `${database.current().databaseName}.${collection}`
    throw new Error(
      `The indexes of ${where} cannot be created: ${error.message}. If an index of another shape has one of their names or keys, drop it and start again.`,
    )
  }
}
