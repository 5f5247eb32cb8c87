export {
  batchTarget,
  type Delivery,
  type DeliveryStatus,
  type DeliveryTry,
  isOwnTarget,
  jobTarget,
  maxTriesKept,
  type Settlement,
  settleDelivery,
} from "./delivery.ts"
export { presentDelivery, presentDeliveryWithRequest } from "./present-delivery.ts"
export { presentWebhookEndpoint } from "./present-webhook-endpoint.ts"
export {
  type DisabledReason,
  hearsOf,
  hearsOfOpenai,
  rotateSecrets,
  secretsAt,
  type WebhookEndpoint,
  type WebhookSecret,
} from "./webhook-endpoint.ts"
