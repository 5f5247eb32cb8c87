import { randomUUID } from "node:crypto"
import type { Admission, JobSignals, ProcessEntry, ProviderName, Tracer } from "@sluice/core"
import {
  type Budgets,
  createAnswerCache,
  createCheckCanaries,
  createEndpointEmbedders,
  createExecuteJob,
  createLeaseKeeper,
  createListeners,
  createProber,
  createSchemaCache,
  createSimilarities,
  createTenantKeys,
  createTierAnswers,
  type ExecutionObserver,
  type LiveReport,
  type RunningExecutions,
} from "@sluice/engine"
import type { ProviderRegistry } from "@sluice/providers"
import type { Credentials, LiveCatalog, Logger } from "@sluice/runtime"
import type { Store } from "@sluice/store"

export interface ExecutionParts {
  readonly store: Store
  readonly signals: JobSignals
  readonly running: RunningExecutions
  readonly live: LiveReport
  readonly admission: Admission
  readonly catalog: LiveCatalog
  readonly providers: ProviderRegistry
  readonly credentials: Credentials
  readonly budgets: Budgets
  readonly observer: ExecutionObserver
  readonly workerId: string
  readonly logger: Logger
  /** Left out: nothing is traced. */
  readonly tracer?: Tracer
  /** Aborted when the process shuts down. */
  readonly signal: AbortSignal
}

export interface ExecutionUseCases {
  readonly execute: ProcessEntry
  readonly probe: () => Promise<readonly string[]>
  /** Asks the canaries whose turn it is. */
  readonly checkCanaries: () => Promise<number>
}

/** A worker that was killed in the middle of a call frees its place after so long. */
const leaseMs = 30_000

/** Puts the use cases of a worker together from what it has opened. */
export function buildExecution(parts: ExecutionParts): ExecutionUseCases {
  const { store, signals, running, live, admission, catalog, providers, credentials, budgets, observer, workerId, logger, tracer, signal } =
    parts
  const clock = () => new Date()
  const schemas = createSchemaCache()
  const providerOf = (name: ProviderName) => providers.get(name)
  const resolveCredential = credentials.resolve
  const tenantKeys = createTenantKeys({
    store: store.providerCredentials,
    clock,
    onError: (error) => logger.warn({ err: error }, "the use of a tenant's key could not be noted"),
  })
  const onFailure = ({ error, ...failure }: { readonly jobId: string; readonly error: unknown }) =>
    logger.warn({ ...failure, err: error }, "a cache or a rule failed; the job goes on without it")

  const embedderOf = createEndpointEmbedders({ endpointOf: (name) => catalog.current().endpoints.get(name), providerOf, resolveCredential })
  const answers = createAnswerCache({ cache: store.cache, clock, schemas, similarityOf: createSimilarities({ embedderOf }), onFailure })
  const calling = { clock, providerOf, resolveCredential, tenantKeys, schemas, admission, catalog: catalog.current }
  const execute = createExecuteJob({
    ...calling,
    store: store.jobs,
    blobs: store.blobs,
    signals,
    running,
    live,
    random: Math.random,
    newToken: randomUUID,
    listeners: createListeners({ endpoints: store.webhookEndpoints, clock }),
    workerId,
    observer,
    ...(tracer && { tracer }),
    budgets,
    answers,
    tierAnswers: createTierAnswers({ answers, schemas, onFailure }),
    leases: createLeaseKeeper({ admission, leaseMs, onError: observer.admissionFailed }),
  })
  const checkCanaries = createCheckCanaries({ ...calling, signal, canaries: store.canaries, ledger: store.usage })
  return { execute, probe: createProber({ ...calling, signal }), checkCanaries }
}
