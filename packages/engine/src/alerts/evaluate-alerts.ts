import {
  type Alert,
  type AlertRule,
  type AlertStore,
  type Clock,
  type Finding,
  type LeaseStore,
  newAlertId,
  newEventId,
  observeAlert,
} from "@sluice/core"
import type { ConditionSources, Look } from "./condition.ts"
import { findingsOf } from "./conditions/conditions.ts"
import { lookOnce } from "./look-once.ts"

export interface AlertObserver {
  /** An alert began to fire, or is over. */
  changed(alert: Alert): void
  /** It could not be told whether a rule holds; its alerts stay as they are. */
  ruleFailed(event: { readonly rule: string; readonly error: unknown }): void
  /** A channel did not take a message; it is tried again, or given up when `nextTryAt` is null. */
  notSent(event: { readonly channel: string; readonly alertId: string; readonly error: string; readonly nextTryAt: Date | null }): void
}

export interface EvaluateAlertsDependencies extends ConditionSources {
  readonly alerts: AlertStore
  readonly leases: LeaseStore
  readonly clock: Clock
  /** Who evaluates: one process at a time does. */
  readonly holder: string
  /** Empty: nothing is watched. */
  readonly rules: () => readonly AlertRule[]
  readonly observer: AlertObserver
}

export const alertsLease = { name: "alerts", ttlMs: 30_000 } as const

const retentionMs = 90 * 86_400_000
const removeEveryMs = 3_600_000

/**
 * One look at every rule by whoever leads. What becomes of each alert is one conditional write, so that two who believe they lead
 * raise it once, and one that comes after a crash goes on where the other was.
 */
export function createEvaluateAlerts(dependencies: EvaluateAlertsDependencies): () => Promise<{ readonly led: boolean }> {
  const { alerts, leases, clock, holder, rules, observer } = dependencies
  let removedAtMs = 0

  async function removeOld(): Promise<void> {
    const nowMs = clock().getTime()
    if (nowMs - removedAtMs < removeEveryMs) return
    removedAtMs = nowMs
    await alerts.removeOld({ resolvedBefore: new Date(nowMs - retentionMs) })
  }

  return async () => {
    const led = await leases.acquire({ ...alertsLease, holder })
    if (!led) return { led }
    const look = lookOnce(dependencies, clock())
    const known = Map.groupBy(await alerts.active(), ({ rule }) => rule)
    for (const rule of rules()) {
      const own = known.get(rule.name) ?? []
      known.delete(rule.name)
      const findings = await findingsOf(rule, look).catch((error: unknown) => {
        observer.ruleFailed({ rule: rule.name, error })
        return null
      })
      if (findings !== null) await judge(dependencies, { rule, own, findings, look })
    }
    // Rules that are no more: what they found is over.
    for (const [name, own] of known) await judge(dependencies, { rule: removedRule(name, own), own, findings: [], look })
    await removeOld()
    return { led }
  }
}

interface Judgement {
  readonly rule: Pick<AlertRule, "name" | "when" | "severity" | "forMs" | "clearMs" | "repeatMs" | "channels">
  readonly own: readonly Alert[]
  readonly findings: readonly Finding[]
  readonly look: Look
}

async function judge(dependencies: EvaluateAlertsDependencies, { rule, own, findings, look }: Judgement): Promise<void> {
  const at = look.now
  const alertBySubject = new Map(own.map((alert) => [alert.subject, alert]))
  const findingBySubject = new Map(findings.map((finding) => [finding.subject, finding]))
  for (const subject of new Set([...alertBySubject.keys(), ...findingBySubject.keys()])) {
    const change = observeAlert(alertBySubject.get(subject) ?? null, {
      rule,
      finding: findingBySubject.get(subject) ?? null,
      at,
      newAlertId: () => newAlertId({ at }),
      newNoticeId: () => newEventId({ at }),
    })
    if (change.kind === "none") continue
    const isWritten = await dependencies.alerts[change.kind](change.alert)
    if (isWritten && change.kind !== "remove" && hasTurned(alertBySubject.get(subject), change.alert)) {
      dependencies.observer.changed(change.alert)
    }
  }
}

function hasTurned(before: Alert | undefined, after: Alert): boolean {
  return before?.state !== after.state && after.state !== "pending"
}

function removedRule(name: string, own: readonly Alert[]): Judgement["rule"] {
  const { when = "breaker_open", severity = "info" } = own[0] ?? {}
  return { name, when, severity, forMs: 0, clearMs: 0, repeatMs: Number.POSITIVE_INFINITY, channels: [] }
}
