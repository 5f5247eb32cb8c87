export type {
  AlertResource,
  ApiKeyResource,
  AttemptResource,
  AuditEntryResource,
  ChannelTestResource,
  ChatInput,
  ChatMessage,
  ChatOutput,
  DeadLetterGroups,
  DeadLetterResource,
  DeadLetterSummary,
  DeliveryResource,
  DeliveryWithRequestResource,
  DrillResource,
  EmbeddingInput,
  EmbeddingOutput,
  EndpointResource,
  EndpointStatsResource,
  ErrorType,
  FieldError,
  ImageInput,
  ImageOutput,
  JobError,
  JobResource,
  JobStatus,
  JobTokenResource,
  Json,
  Kind,
  Metadata,
  ProblemCode,
  ProblemDocument,
  Provenance,
  ProviderCredentialResource,
  QueueResource,
  ReplayResource,
  RouteResource,
  RunResource,
  SloResource,
  StatsResource,
  SubmitRequest,
  TenantResource,
  UsageResource,
  WaitResource,
  WebhookEndpointResource,
} from "@sluice/core"
export { WebhookVerificationError } from "@sluice/core"
export { type Client, type ClientOptions, createClient } from "./create-client.ts"
export { ConnectionError } from "./errors/connection-error.ts"
export { JobFailedError } from "./errors/job-failed-error.ts"
export { SluiceError, type SluiceErrorCode } from "./errors/sluice-error.ts"
export { UnexpectedAnswerError } from "./errors/unexpected-answer-error.ts"
export { WaitTimeoutError } from "./errors/wait-timeout-error.ts"
export type { CallOptions, PageQuery } from "./paging/list-resource.ts"
export type { Listing, Page } from "./paging/listing.ts"
export type { AlertFilters, Alerts } from "./resources/alerts.ts"
export type { ApiKeys, RotateKeyOptions } from "./resources/api-keys.ts"
export type { Audit, AuditFilters } from "./resources/audit.ts"
export type {
  AddItemsOptions,
  Batches,
  CreateBatchOptions,
  CreatedBatch,
  ResultOptions,
  WaitForBatchOptions,
} from "./resources/batches/batches.ts"
export type { SentItems } from "./resources/batches/send-items.ts"
export type { DeadLetterFilters, DeadLetterSummaryFilters, DeadLetters, Discarded, ReplayOptions } from "./resources/dead-letters.ts"
export type { Endpoints } from "./resources/endpoints.ts"
export type { GetJobOptions, JobFilters, Jobs, SubmitOptions } from "./resources/jobs.ts"
export type { Processes } from "./resources/processes.ts"
export type { ProviderCredentials } from "./resources/provider-credentials.ts"
export type { Queues } from "./resources/queues.ts"
export type { Replays } from "./resources/replays.ts"
export type { Routes } from "./resources/routes.ts"
export type { RunJob, RunOptions, SucceededJob } from "./resources/run-job.ts"
export type { StreamedJobEvent, StreamJob, StreamOptions } from "./resources/stream-job.ts"
export type { Tenants } from "./resources/tenants.ts"
export type { SloFilters, StatsFilters, Usage, UsageFilters } from "./resources/usage.ts"
export type { WaitOptions } from "./resources/wait-for-job.ts"
export type { DeliveryFilters, RotateSecretOptions, Webhooks } from "./resources/webhooks.ts"
export { type VerifiedEvent, type VerifyEventOptions, verifyEvent } from "./webhooks/verify-event.ts"
