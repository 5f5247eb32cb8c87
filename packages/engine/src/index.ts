export { type AlertBoard, createAlertBoard } from "./alerts/alert-board.ts"
export type { ConditionSources } from "./alerts/condition.ts"
export { type AlertObserver, createEvaluateAlerts } from "./alerts/evaluate-alerts.ts"
export { createSendNotices } from "./alerts/send-notices.ts"
export { type AddItems, type Addition, createAddItems } from "./batches/add-items.ts"
export { freshCounts } from "./batches/batch-counts.ts"
export { type BatchResults, createBatchResults } from "./batches/batch-results.ts"
export { type CancelBatch, createCancelBatch } from "./batches/cancel-batch.ts"
export { type CreateBatch, type CreateBatchOutcome, createCreateBatch } from "./batches/create-batch.ts"
export type { IncomingItem, ItemFault, RefusedItem } from "./batches/prepare-item.ts"
export { type BatchObserver, createTendBatches } from "./batches/tend-batches.ts"
export { type Budgets, createBudgets, unbudgeted } from "./budget/budgets.ts"
export { type BudgetExhausted, type CheckBudget, createCheckBudget } from "./budget/check-budget.ts"
export type { BudgetObserver } from "./budget/day-books.ts"
export { createSpentOn, type SpentOn } from "./budget/spent-on.ts"
export { type AnswerCache, createAnswerCache } from "./cache/answer-cache.ts"
export type {
  AnswerCacheDependencies,
  CachedJob,
  CacheFailure,
  CacheHit,
  CacheRequest,
  RememberRequest,
} from "./cache/answer-cache-context.ts"
export { flightKeyOf } from "./cache/flight-key.ts"
export { createInvalidateCache, type InvalidateCache, type Invalidation } from "./cache/invalidate-cache.ts"
export { requestKeyOf } from "./cache/request-key.ts"
export {
  createSeedCache,
  type SeedCache,
  type SeedCacheDependencies,
  type SeedError,
  type SeedReport,
  type SeedRequest,
} from "./cache/seed-cache.ts"
export type { Embed } from "./cache/similarity/embedding-similarity.ts"
export { createEndpointEmbedders, type EndpointEmbeddersDependencies } from "./cache/similarity/endpoint-embedders.ts"
export { createSimilarities, type Embedder, type SimilarityOf } from "./cache/similarity/similarities.ts"
export { createSingleFlight, type FlightOutcome, type FlightRequest, type SingleFlight } from "./cache/single-flight.ts"
export { createCheckCanaries } from "./canary/check-canaries.ts"
export { createInferenceHealth, type ReadInferenceHealth } from "./canary/inference-health.ts"
export { type CancelJob, createCancelJob } from "./cancel/cancel-job.ts"
export type { Catalog } from "./catalog.ts"
export { createProviderCredentials, type ProviderCredentials } from "./credentials/provider-credentials.ts"
export { createTenantKeys, type TenantKeys } from "./credentials/tenant-keys.ts"
export { combineDeadLetters } from "./dead-letters/combine-dead-letters.ts"
export {
  createDeadLetterUpkeep,
  type DeadLetterObserver,
  type DeadLetterUpkeepDependencies,
  type RateReport,
} from "./dead-letters/dead-letter-upkeep.ts"
export { createDiscardDeadLetters, type DiscardDeadLetters } from "./dead-letters/discard-dead-letters.ts"
export { createGroupDeadLetters, type GroupDeadLetters } from "./dead-letters/group-dead-letters.ts"
export { createDeliverer, type Deliverer, type DelivererDependencies } from "./deliver/deliverer.ts"
export type { DeliveryObserver } from "./deliver/delivery-observer.ts"
export { type DeliverySettings, deliverySettingsOf } from "./deliver/delivery-settings.ts"
export { createEventAnnouncer, type EventAnnouncer } from "./deliver/event-announcer.ts"
export { createFanOut, type FanOut, type RaisedEvent } from "./deliver/fan-out.ts"
export { defaultLaneLimits, type LaneLimits } from "./deliver/lanes.ts"
export { createListeners, type Listeners } from "./deliver/listeners.ts"
export { createWebhookUpkeep, type WebhookUpkeepReport } from "./deliver/upkeep.ts"
export { type CheckWebhookUrl, createWebhookEndpoints, type WebhookEndpoints } from "./deliver/webhook-endpoints.ts"
export { isTenantsKey, readAdmissionName } from "./execute/admission-endpoint.ts"
export { createExecuteJob, type ExecuteJobDependencies } from "./execute/execute-job.ts"
export type { ExecutionObserver } from "./execute/execution-observer.ts"
export { createLeaseKeeper, type LeaseKeeper } from "./execute/lease-keeper.ts"
export { createReturnStrays } from "./execute/return-strays.ts"
export { createRunningExecutions, ExecutionOvertaken, type RunningExecutions } from "./execute/running-executions.ts"
export { imageBlobId } from "./execute/store-output.ts"
export { type AddFile, createAddFile } from "./files/add-file.ts"
export { createRemoveFile, type RemoveFile } from "./files/remove-file.ts"
export { createRetireFiles } from "./files/retire-files.ts"
export { decodeCursor, type LiveCursor } from "./live/live-cursor.ts"
export { createLiveReport, type LiveExecution, type LiveReport } from "./live/live-report.ts"
export { createLiveRooms, type LiveRooms } from "./live/live-rooms.ts"
export { createStreamJob, type StreamedEvent, type StreamJob } from "./live/stream-job.ts"
export { createReportSlo, type ObjectivesCatalog, type ReportSlo, type SloOutcome } from "./objectives/report-slo.ts"
export { createDrill, type Drill, type DrillOutcome } from "./operate/drill.ts"
export { createOperationsFeed, type OperationsFeed, type OperationsFeedDependencies } from "./operate/operations-feed.ts"
export { createOperator, type Operator } from "./operate/operator.ts"
export { createProcesses, type Processes } from "./operate/processes.ts"
export { startProcessAttendant } from "./operate/start-process-attendant.ts"
export { createProber } from "./probe/probe-endpoints.ts"
export { createRemoveJob, type RemoveJob } from "./remove/remove-job.ts"
export { type CreateReplay, type CreateReplayOutcome, createCreateReplay } from "./replay/create-replay.ts"
export { presentReplay } from "./replay/present-replay.ts"
export { createReplayRunner, type ReplayObserver, type ReplayRunnerDependencies } from "./replay/replay-runner.ts"
export { createSchemaCache, type SchemaCache } from "./structure/schema-cache.ts"
export {
  createSubmitJob,
  queueEntryOf,
  type SubmitJob,
  type SubmitJobDependencies,
  type SubmitJobOutcome,
  type SubmitJobRequest,
} from "./submit/submit-job.ts"
export type { RepairKind } from "./sweep/repairs.ts"
export { runPeriodically } from "./sweep/run-periodically.ts"
export { createSweep, type SweepReport } from "./sweep/sweep.ts"
export type { SweepDependencies, SweepObserver } from "./sweep/sweep-dependencies.ts"
export {
  type ApiKeys,
  type ApiKeysDependencies,
  type CreateKeyOutcome,
  createApiKeys,
  type MadeKey,
  type RevokeKeyOutcome,
  type RotateKeyOutcome,
} from "./tenancy/api-keys.ts"
export { createLocalTenantGate } from "./tenancy/gate/local-tenant-gate.ts"
export { createTenantLimits, type LimitsVerdict, type Places, type TenantLimits } from "./tenancy/gate/tenant-limits.ts"
export { createJobTokens, type JobTokens, jobTokenPrefix } from "./tenancy/job-tokens.ts"
export { createKeyRing, type KeyRing, type KeyVerdict } from "./tenancy/key-ring.ts"
export { newKeySecret } from "./tenancy/key-secret.ts"
export { presentTenant } from "./tenancy/present-tenant.ts"
export { createTenantDirectory, effectiveSettings, type LiveTenantDirectory } from "./tenancy/tenant-directory.ts"
export { type CreateTenantOutcome, createTenants, type Tenants, type TenantView, type UpdateTenantOutcome } from "./tenancy/tenants.ts"
export { faultsOfConfiguration } from "./tiers/check-configuration.ts"
export { faultsOfTiers, type TierFault } from "./tiers/check-tiers.ts"
export { repairWork } from "./tiers/repair-work.ts"
export { defineRule, type Rule, type RuleDefinition, type RuleRequest } from "./tiers/rules/rule.ts"
export { builtInRules, type RuleBook, ruleBookOf } from "./tiers/rules/rules.ts"
export {
  createTierAnswers,
  type LocalTierConfig,
  type TierAnswer,
  type TierAnswers,
  type TierAnswersDependencies,
  type TierFailure,
  type TierRequest,
} from "./tiers/tier-answers.ts"
export { jobAttributes } from "./trace/trace-execution.ts"
export { traceAddItems, traceSubmits } from "./trace/trace-submits.ts"
export { type AccountingRequest, type AccountUsage, createAccountUsage } from "./usage/account-usage.ts"
export { createReportEndpointStats, type ReportEndpointStats } from "./usage/report-endpoint-stats.ts"
export { createReportStats, type ReportStats } from "./usage/report-stats.ts"
export { createReportUsage, type ReportUsage } from "./usage/report-usage.ts"
export { createJobWatch, type JobWatch, type JobWatchDependencies } from "./wait/job-watch.ts"
export { createJobWaiter, type JobWaiter, type WaitForJobRequest } from "./wait/wait-for-job.ts"
