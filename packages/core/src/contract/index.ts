export {
  type AlertResource,
  alertId,
  alertResource,
  type ChannelTestResource,
  channelTestResource,
  type ListAlertsQuery,
  listAlertsQuery,
  muteAlertRequest,
} from "./alert-resource.ts"
export {
  type ApiKeyResource,
  apiKeyId,
  apiKeyResource,
  type CreateApiKeyRequest,
  createApiKeyRequest,
  type ListApiKeysQuery,
  listApiKeysQuery,
  type RotateApiKeyRequest,
  rotateApiKeyRequest,
} from "./api-key-resource.ts"
export { type AuditEntryResource, auditEntryResource, type ListAuditQuery, listAuditQuery } from "./audit.ts"
export {
  addBatchItemsQuery,
  addBatchItemsRequest,
  type BatchCounts,
  type BatchDefaults,
  type BatchItem,
  type BatchItemError,
  type BatchItemErrorCode,
  type BatchResource,
  type BatchResult,
  type BatchStatus,
  type BatchSubmission,
  type BatchWebhookTarget,
  batchId,
  batchItem,
  batchItemError,
  batchResource,
  batchResult,
  batchResultsQuery,
  batchStatuses,
  batchSubmission,
  type CreateBatchRequest,
  createBatchQuery,
  createBatchRequest,
  customId,
  listBatchesQuery,
  maxBatchItems,
  maxCustomIdLength,
  type ResultOrder,
  resultOrders,
} from "./batch.ts"
export {
  type InvalidateCacheRequest,
  type InvalidationReport,
  invalidateCacheRequest,
  invalidationReport,
  type SeedCacheRequest,
  type SeedReportResource,
  seedCacheQuery,
  seedCacheRequest,
  seedReport,
} from "./cache.ts"
export {
  type ChatInput,
  type ChatMessage,
  type ChatOutput,
  type ContentPart,
  chatInput,
  chatOutput,
  type FinishReason,
  type ResponseFormat,
  type Tool,
  type ToolCall,
} from "./chat.ts"
export { dashboardHeader, dashboardSessionPath } from "./dashboard-names.ts"
export {
  type CreateDashboardSessionRequest,
  createDashboardSessionRequest,
  type DashboardSessionResource,
  dashboardSessionResource,
} from "./dashboard-session.ts"
export {
  type DeadLetterFilterBody,
  type DeadLetterGroups,
  type DeadLetterGroupsQuery,
  type DeadLetterKind,
  type DeadLetterResource,
  type DeadLetterState,
  type DeadLetterSummary,
  type DeadLetterSummaryQuery,
  type DiscardDeadLettersRequest,
  deadLetterErrorType,
  deadLetterGroups,
  deadLetterGroupsQuery,
  deadLetterId,
  deadLetterResource,
  deadLetterSummary,
  deadLetterSummaryQuery,
  discardDeadLettersRequest,
  discardedDeadLetters,
  type ListDeadLettersQuery,
  listDeadLettersQuery,
  maxDeadLetterGroups,
  type SummaryKey,
  summaryKeys,
} from "./dead-letter.ts"
export { type DrillRequest, type DrillResource, drillRequest, drillResource } from "./drill.ts"
export { type EmbeddingInput, type EmbeddingOutput, embeddingInput, embeddingOutput } from "./embedding.ts"
export {
  type EndpointResource,
  endpointResource,
  forceBreakerRequest,
  type RouteResource,
  routeResource,
} from "./endpoint-resource.ts"
export { type ImageInput, type ImageOutput, imageInput, imageOutput } from "./image.ts"
export { type InferenceHealth, inferenceHealth, type RouteHealth } from "./inference-health.ts"
export { inputSchemas, type Output, parseWork, type Work } from "./input.ts"
export {
  type AttemptStart,
  attemptStart,
  type JobEvent,
  type JobEventOf,
  jobEvent,
  jobEventsQuery,
  maxDeltaChars,
} from "./job-event.ts"
export {
  type AttemptResource,
  type Cost,
  type DeliveryResource,
  type DeliveryWithRequestResource,
  deliveryWithRequestResource,
  type JobError,
  type JobResource,
  type JobStatus,
  jobResource,
  type Provenance,
  type Quality,
  type RunResource,
  type TierName,
  type Usage,
  type WaitResource,
} from "./job-resource.ts"
export { type JobTokenResource, jobTokenQuery, jobTokenResource } from "./job-token.ts"
export { type Kind, kinds } from "./kind.ts"
export {
  type LogLevel,
  type LogLevelResource,
  logLevel,
  logLevelResource,
  logLevels,
  processKinds,
  type SetLogLevelRequest,
  setLogLevelRequest,
} from "./log-level.ts"
export { type OperationsEvent, operationsEvent } from "./operations-event.ts"
export {
  type FieldError,
  isProblemCode,
  type ProblemCode,
  type ProblemDocument,
  problemDocument,
  problems,
} from "./problem.ts"
export {
  type CreateProfileRequest,
  createProfileRequest,
  type ProcessResource,
  type ProfileResource,
  processId,
  processResource,
  profileResource,
} from "./process-resource.ts"
export {
  type ProviderCredentialResource,
  type PutProviderCredentialRequest,
  providerCredentialResource,
  putProviderCredentialRequest,
} from "./provider-credential.ts"
export {
  type Expansion,
  expansions,
  type GetJobQuery,
  getJobQuery,
  type ListJobsQuery,
  listJobsQuery,
  maxWaitSeconds,
  pageOf,
  submitJobQuery,
} from "./queries.ts"
export { type QueueResource, queueResource } from "./queue-resource.ts"
export {
  type ListReplaysQuery,
  listReplaysQuery,
  type ReplayOverrides,
  type ReplayRequest,
  type ReplayResource,
  type ReplayStatus,
  replayRequest,
  replayResource,
} from "./replay.ts"
export { isObject, type Json, type JsonObject, jobId, json, jsonObject } from "./scalars.ts"
export {
  type BurnWindow,
  burnWindows,
  type ObjectiveStatus,
  type SloOfRoute,
  type SloQuery,
  type SloResource,
  type SloWindow,
  sloOfRoute,
  sloQuery,
  sloResource,
  sloWindows,
} from "./slo.ts"
export {
  type CacheUse,
  type Fallback,
  type Metadata,
  metadata,
  type Priority,
  type SubmitOptions,
  type SubmitRequest,
  submitOptions,
  submitRequest,
  type WebhookTarget,
  webhookTarget,
} from "./submit.ts"
export {
  type CreateTenantRequest,
  createTenantRequest,
  type ListTenantsQuery,
  listTenantsQuery,
  type TenantResource,
  tenantResource,
  type UpdateTenantRequest,
  updateTenantRequest,
} from "./tenant-resource.ts"
export {
  type EndpointStatsQuery,
  type EndpointStatsResource,
  endpointStatsQuery,
  endpointStatsResource,
  maxUsageGroups,
  type StatsFigures,
  type StatsQuery,
  type StatsResource,
  statsQuery,
  statsResource,
  type UsageFiguresResource,
  type UsageQuery,
  type UsageResource,
  usageQuery,
  usageResource,
} from "./usage.ts"
export {
  deadLetterStates,
  defaultEventTypes,
  jobStatuses,
  noEndpoint,
  priorities,
  qualities,
  type StatsWindow,
  statsWindows,
  subscribableEventTypes,
  tierNames,
  type WaitingReason,
} from "./vocabulary.ts"
export {
  type CreateWebhookEndpointRequest,
  createWebhookEndpointRequest,
  listDeliveriesQuery,
  listWebhookEndpointsQuery,
  recoverRequest,
  rotateSecretRequest,
  type UpdateWebhookEndpointRequest,
  updateWebhookEndpointRequest,
  type WebhookEndpointResource,
  type WebhookRecoveryResource,
  type WebhookSecretResource,
  webhookEndpointId,
  webhookEndpointResource,
  webhookRecoveryResource,
  webhookSecretResource,
} from "./webhook-endpoint-resource.ts"
export {
  takesEvent,
  testEventType,
  type WebhookEvent,
  webhookEvent,
} from "./webhook-event.ts"
