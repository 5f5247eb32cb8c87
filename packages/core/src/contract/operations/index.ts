import { alertOperations } from "./alerts.ts"
import { apiKeyOperations } from "./api-keys.ts"
import { auditOperations } from "./audit.ts"
import { batchOperations } from "./batches.ts"
import { cacheOperations } from "./caches.ts"
import { deadLetterOperations } from "./dead-letters.ts"
import { documentationOperations } from "./documentation.ts"
import { healthOperations } from "./health.ts"
import { jobOperations } from "./jobs.ts"
import { operatorOperations } from "./operate.ts"
import type { Operation } from "./operation.ts"
import { processOperations } from "./processes.ts"
import { providerCredentialOperations } from "./provider-credentials.ts"
import { replayOperations } from "./replays.ts"
import { tenantOperations } from "./tenants.ts"
import { usageOperations } from "./usage.ts"
import { webhookOperations } from "./webhooks.ts"

export { etag, limitHeaders, retryAfter } from "./headers.ts"
export {
  type Answer,
  type Content,
  type Media,
  type Method,
  type Operation,
  problemsOf,
  type RequestBody,
  type Tag,
  tags,
} from "./operation.ts"

/** Every call that the API answers, in the order of its documentation. */
export const operations: readonly Operation[] = [
  ...jobOperations,
  ...batchOperations,
  ...deadLetterOperations,
  ...replayOperations,
  ...webhookOperations,
  ...providerCredentialOperations,
  ...operatorOperations,
  ...processOperations,
  ...cacheOperations,
  ...alertOperations,
  ...usageOperations,
  ...auditOperations,
  ...apiKeyOperations,
  ...tenantOperations,
  ...healthOperations,
  ...documentationOperations,
]
