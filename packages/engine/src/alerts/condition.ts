import type {
  Admission,
  AlertKind,
  AlertRule,
  CanaryResult,
  DeadLetterStore,
  Endpoint,
  EndpointState,
  Figures,
  Finding,
  JobScans,
  ObjectivesConfig,
  QueueInspector,
  RouteConfig,
  TenantDirectory,
  UsageReports,
  WebhookEndpointStore,
} from "@sluice/core"
import type { FiguresByRoute, Window } from "../objectives/window-figures.ts"

/** What is watched. */
export interface AlertsCatalog {
  readonly routes: Readonly<Record<string, RouteConfig>>
  readonly endpoints: ReadonlyMap<string, Endpoint>
  readonly objectives: ObjectivesConfig
}

/** Where conditions look. */
export interface ConditionSources {
  readonly admission: Pick<Admission, "state">
  readonly queues: Pick<QueueInspector, "states">
  readonly reports: UsageReports
  readonly scans: Pick<JobScans, "nextRoute" | "findOutstanding">
  readonly webhookEndpoints: Pick<WebhookEndpointStore, "findDisabled">
  readonly deadLetters: Pick<DeadLetterStore, "countFailures">
  readonly tenants: Pick<TenantDirectory, "settingsOf">
  readonly canaries: { list(): Promise<readonly CanaryResult[]> }
  readonly catalog: () => AlertsCatalog
}

/** One look at everything: what several rules ask for is read once. */
export interface Look extends Omit<ConditionSources, "admission" | "catalog"> {
  readonly now: Date
  readonly catalog: AlertsCatalog
  endpointStates(): Promise<readonly EndpointState[]>
  /** Sums over the windows of burn rates. */
  windowFigures(): Promise<(window: Window) => FiguresByRoute>
  /** Sums over the last `windowMs`, to the minute, by route. */
  figuresOf(windowMs: number): Promise<ReadonlyMap<string, Figures>>
}

/** What of a rule holds at the moment. Rejects when it cannot tell; then everything stays as it is. */
export type Condition<Kind extends AlertKind> = (rule: AlertRule<Kind>, look: Look) => Promise<readonly Finding[]>

/** Whether a rule that names some, or none for all, means this one. */
export function isMeant(named: readonly string[] | undefined, name: string): boolean {
  return named === undefined || named.includes(name)
}
