import type { SendTo } from "../connection/database.ts"
import type { Operations } from "../operations/operations.ts"
import type { WebhookEndpointDocument, WebhookRecoveryDocument, WebhookSecretsDocument } from "./webhook-endpoint-document.ts"

/** What the operations on endpoints share. */
export interface WebhookEndpointContext {
  readonly toEndpoints: SendTo<WebhookEndpointDocument>
  readonly toSecrets: SendTo<WebhookSecretsDocument>
  readonly toRecoveries: SendTo<WebhookRecoveryDocument>
  readonly operations: Operations
}
