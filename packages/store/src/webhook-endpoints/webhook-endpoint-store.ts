import type { WebhookEndpointStore } from "@sluice/core"
import { type Database, sendTo } from "../connection/database.ts"
import type { Operations } from "../operations/operations.ts"
import { bookSends } from "./book-sends.ts"
import { insertEndpoint, removeEndpoint, updateEndpoint } from "./change-endpoints.ts"
import { disableEndpoint, noteFailure, noteSuccess } from "./endpoint-health.ts"
import { disabledEndpoints, findEndpoint, findEndpoints, listEndpoints, listeningEndpoints } from "./read-endpoints.ts"
import { findRecovery, finishRecovery, insertRecovery, runningRecoveries } from "./recoveries.ts"
import { rotateSecret, rotateTenantSecret, tenantSecrets } from "./secrets.ts"
import type { WebhookEndpointContext } from "./webhook-endpoint-context.ts"
import { webhookEndpointsCollection, webhookRecoveriesCollection, webhookSecretsCollection } from "./webhook-endpoint-document.ts"

/** The `WebhookEndpointStore` on a database that has its indexes. */
export function createWebhookEndpointStore(options: {
  readonly database: Database
  readonly operations: Operations
}): WebhookEndpointStore {
  const context: WebhookEndpointContext = {
    operations: options.operations,
    toEndpoints: sendTo(options.database, webhookEndpointsCollection),
    toSecrets: sendTo(options.database, webhookSecretsCollection),
    toRecoveries: sendTo(options.database, webhookRecoveriesCollection),
  }
  return {
    insert: insertEndpoint(context),
    find: findEndpoint(context),
    list: listEndpoints(context),
    findMany: findEndpoints(context),
    listenersOf: listeningEndpoints(context),
    findDisabled: disabledEndpoints(context),
    update: updateEndpoint(context),
    remove: removeEndpoint(context),
    rotateSecret: rotateSecret(context),
    noteFailure: noteFailure(context),
    noteSuccess: noteSuccess(context),
    disable: disableEndpoint(context),
    bookSends: bookSends(context),
    tenantSecrets: tenantSecrets(context),
    rotateTenantSecret: rotateTenantSecret(context),
    insertRecovery: insertRecovery(context),
    findRecovery: findRecovery(context),
    runningRecoveries: runningRecoveries(context),
    finishRecovery: finishRecovery(context),
  }
}
