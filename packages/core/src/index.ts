export * from "./alerts/index.ts"
export { type Batch, type BatchWebhook, itemKey, noCounts, statusOf } from "./batch/batch.ts"
export { presentBatch } from "./batch/present-batch.ts"
export { type BatchBounds, batchBoundsOf } from "./configuration/batching.ts"
export { type Canary, type CanaryConfig, type CanaryExpectation, canaryOf, canaryWorkOf } from "./configuration/canary.ts"
export { type Configuration, configuration, type DeadLettersConfig } from "./configuration/configuration.ts"
export { configurationJsonSchema } from "./configuration/configuration-json-schema.ts"
export { configurationSchemaPath } from "./configuration/configuration-schema-path.ts"
export { type CredentialRef, credentialRef, parseCredentialRef } from "./configuration/credential-ref.ts"
export {
  defaultTimeoutMs,
  type EndpointConfig,
  type HttpTemplate,
  type Price,
  type ProviderName,
  providerNames,
} from "./configuration/endpoint.ts"
export type { RetryConfig, RetryRuleConfig } from "./configuration/policies.ts"
export type { Retention } from "./configuration/retention.ts"
export type { RouteConfig, TierConfig } from "./configuration/route.ts"
export { type TenantConfig, type TenantSettingName, type TenantSettings, tenantSettingNames } from "./configuration/tenant-settings.ts"
export * from "./contract/index.ts"
export * from "./delivery/index.ts"
export { assertExhaustive } from "./errors/assert-exhaustive.ts"
export { type ErrorTraits, isCallersFault, isRetryable, traitsOf } from "./errors/error-traits.ts"
export { type ErrorType, errorTypes, type JobErrorType, type ProviderErrorType, providerErrorTypes } from "./errors/error-type.ts"
export { ProviderError, type ProviderErrorOptions } from "./errors/provider-error.ts"
export { QueueUnavailableError } from "./errors/queue-unavailable-error.ts"
export { StorageUnavailableError } from "./errors/storage-unavailable-error.ts"
export type { StoredFile } from "./files/stored-file.ts"
export {
  type DeadJob,
  type DeadLetter,
  type DeadLetterReplay,
  deadJobOf,
  deadLetterIdOf,
  deadLetterIdOfDelivery,
  deadLetterOf,
  deliveryIdOfDeadLetter,
  jobIdOfDeadLetter,
  presentDeadLetter,
} from "./job/dead-letter.ts"
export {
  type Attempt,
  type Claim,
  type DeadLetterRecord,
  type Discard,
  type FinalJob,
  type FinalState,
  isFinal,
  type Job,
  type JobBase,
  type JobOptions,
  type JobReplay,
  type JobResult,
  type JobState,
  type JobWebhook,
  jobSchemaVersion,
  maxAttemptsKept,
  maxReplaysKept,
  maxRescues,
  type OutboxEvent,
  type QueuedJob,
  type RunningJob,
  type StoredOutput,
  type Waiting,
} from "./job/job.ts"
export {
  newAlertId,
  newApiKeyId,
  newAuditId,
  newBatchId,
  newEventId,
  newFileId,
  newJobId,
  newReplayId,
  newTenantId,
  type RandomBytes,
  uuidV7Hex,
} from "./job/job-id.ts"
export { createOrderedJobIds } from "./job/ordered-job-ids.ts"
export { presentAttempt, presentAttemptStart, presentJob, presentWaiting } from "./job/present-job.ts"
export { resolveOptions } from "./job/resolve-options.ts"
export {
  type Ending,
  type ExecutionRef,
  endJob,
  finalStateOf,
  type HandBack,
  type JobCommand,
  outboxEvent,
  type Refusal,
  type Replaying,
  type Transition,
  transition,
} from "./job/transition.ts"
export { addWait, type EndedWait, endedWait, maxWaitsKept, mergeWaits } from "./job/waits.ts"
export * from "./objectives/index.ts"
export * from "./openai/index.ts"
export type {
  Admission,
  AdmissionEndpoint,
  AdmitOutcome,
  AdmitRequest,
  BreakerRules,
  EndpointState,
  RefusalReason,
  SettleOutcome,
  SettleRequest,
} from "./ports/admission.ts"
export type { ApiKeyRef, ApiKeyStore, KeyRotation } from "./ports/api-key-store.ts"
export type { AuditEntry, AuditFilter, AuditLog } from "./ports/audit-log.ts"
export { type BatchJobs, type BatchJobsRef, inResultOrder, type KnownItem, type ResultPosition } from "./ports/batch-jobs.ts"
export type { BatchInsertOutcome, BatchRef, BatchStore } from "./ports/batch-store.ts"
export type { Blob, BlobStore } from "./ports/blob-store.ts"
export {
  type CanaryOutcome,
  type CanaryRef,
  type CanaryResult,
  type CanaryStore,
  canaryKeyOf,
  canaryOutcomes,
} from "./ports/canary-store.ts"
export type { Clock, Random } from "./ports/clock.ts"
export type {
  DeadDeliveries,
  DeadLetterCause,
  DeadLetterFilter,
  DeadLetterGroup,
  DeadLetterGrouping,
  DeadLetterPageRequest,
  DeadLetterPosition,
  DeadLetterStore,
  ReplayProgress,
  UntoldDeadLetter,
} from "./ports/dead-letter-store.ts"
export type { DeliveryPageRequest, DeliveryStore, RecoverBatch } from "./ports/delivery-store.ts"
export type { FileRef, FileStore, ListFilesRequest } from "./ports/file-store.ts"
export type { JobQueue, ProcessEntry, ProcessOutcome, QueueEntry } from "./ports/job-queue.ts"
export type { EndedJob, HeldJob, JobScans } from "./ports/job-scans.ts"
export type { JobSignals } from "./ports/job-signals.ts"
export type {
  CancelOutcome,
  ClaimOutcome,
  InsertOutcome,
  JobExecution,
  JobFacts,
  JobFilter,
  JobGlance,
  JobPageRequest,
  JobStore,
  OutstandingJob,
  OverdueJob,
  RemovalObstacle,
  RemoveOutcome,
  WriteOutcome,
} from "./ports/job-store.ts"
export type { LeaseStore } from "./ports/lease-store.ts"
export { type Announcement, announcement, type LiveChannel, type LiveUpdate, liveUpdate } from "./ports/live-channel.ts"
export {
  type LogLevelOrder,
  logLevelOrder,
  type ProcessControl,
  type ProcessKind,
  type ProcessOrders,
  type ProcessReport,
  type ProfileOrder,
  type ProfileOutcome,
  processReport,
  processTtlMs,
  profileOrder,
  profileOutcome,
} from "./ports/process-control.ts"
export type {
  Endpoint,
  GeneratedImage,
  GeneratedOutput,
  Provider,
  ProviderAnswer,
  ProviderCall,
  RateLimitReport,
  RateLimitWindow,
  TenantKeyRef,
} from "./ports/provider.ts"
export type {
  NewProviderCredential,
  ProviderCredential,
  ProviderCredentialStore,
  PutCredentialOutcome,
} from "./ports/provider-credential-store.ts"
export type { QueueInspector, QueueState } from "./ports/queue-inspector.ts"
export type { EntryRef, MissingEntries, QueueInventory } from "./ports/queue-inventory.ts"
export type { QueuedJobs } from "./ports/queued-jobs.ts"
export type { Replay, ReplayStore } from "./ports/replay-store.ts"
export {
  type CacheableOutput,
  type CacheCandidate,
  type CacheCount,
  type CacheEntry,
  type CacheOrigin,
  type CacheSelection,
  type CacheVector,
  type CandidateRequest,
  maxCachedBytes,
  type ResultCache,
} from "./ports/result-cache.ts"
export type {
  ReserveOutcome,
  SpendAccount,
  SpendCall,
  SpendGate,
  SpendLimit,
  SpendState,
} from "./ports/spend-gate.ts"
export type { TenantDirectory } from "./ports/tenant-directory.ts"
export {
  freshCountMs,
  type GateRequest,
  type GateVerdict,
  type PlacesTicket,
  type PlacesVerdict,
  placesTtlMs,
  type RequestsVerdict,
  type TenantGate,
} from "./ports/tenant-gate.ts"
export type { TenantChanges, TenantStore } from "./ports/tenant-store.ts"
export type { Span, SpanAttribute, SpanAttributes, SpanKind, SpanStart, Tracer } from "./ports/tracer.ts"
export {
  type AccountedJob,
  type UsageFilter,
  type UsageGroup,
  type UsageGrouping,
  type UsageLedger,
  type UsagePage,
  type UsageReports,
  type UsageSum,
  usageGroupings,
} from "./ports/usage-ledger.ts"
export type {
  SecretRotation,
  WebhookEndpointChanges,
  WebhookEndpointRef,
  WebhookEndpointStore,
  WebhookRecovery,
} from "./ports/webhook-endpoint-store.ts"
export type { WebhookAnswer, WebhookRequest, WebhookSender } from "./ports/webhook-sender.ts"
export type { WorkerRegistry } from "./ports/worker-registry.ts"
export { previousSecretExpiry } from "./secrets/rotate-secrets.ts"
export { type ApiKey, type ApiKeyStatus, acceptsSecret, type KeySecret, rotateKeySecrets, statusOfKey } from "./tenancy/api-key.ts"
export { presentApiKey } from "./tenancy/present-api-key.ts"
export { adminScopes, type Principal } from "./tenancy/principal.ts"
export { grantsBeyond, holdsScope, isOperators, operatorScopes, type Scope, scopes, tenantScopes } from "./tenancy/scope.ts"
export { defaultTenantId, type Tenant } from "./tenancy/tenant.ts"
export { nearestName, suggestName } from "./text/nearest-name.ts"
export { noSpan, noTracer } from "./trace/no-tracer.ts"
export { noOrigin, type Origin } from "./trace/origin.ts"
export { traceIdOf, validTraceparent } from "./trace/traceparent.ts"
export {
  addFigures,
  errorFigure,
  errorsIn,
  type Figures,
  sumFigures,
  toPicoUsd,
  toUsd,
  type UsageFigure,
  usageFigures,
} from "./usage/figures.ts"
export { type Histogram, histograms } from "./usage/histogram.ts"
export { usageCsv } from "./usage/usage-csv.ts"
export {
  type AccountableJob,
  type AccountedCounts,
  accountableOf,
  countsOf,
  figuresOfCall,
  nextDay,
  startOfGrain,
  usageOfJob,
} from "./usage/usage-of-job.ts"
export {
  allCalls,
  allTenants,
  type CredentialOwner,
  mergeUsageRows,
  platformTenant,
  type UsageDimensions,
  type UsageGrain,
  type UsageRow,
  type UsageStatus,
  usageGrains,
  usageRowId,
} from "./usage/usage-row.ts"
export { signWebhook, type WebhookSignatureHeaders, type WebhookToSign } from "./webhook/sign-webhook.ts"
export { type VerifiedWebhook, verifyWebhook, type WebhookHeaders, type WebhookToVerify } from "./webhook/verify-webhook.ts"
export { createWebhookSecret, parseWebhookSecret, WebhookSecretError, webhookSecretPattern } from "./webhook/webhook-secret.ts"
export { type WebhookFault, WebhookVerificationError } from "./webhook/webhook-verification-error.ts"
