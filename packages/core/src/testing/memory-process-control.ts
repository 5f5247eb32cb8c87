import type { Clock } from "../ports/clock.ts"
import {
  type LogLevelOrder,
  type ProcessControl,
  type ProcessReport,
  type ProfileOrder,
  type ProfileOutcome,
  processTtlMs,
} from "../ports/process-control.ts"

interface Kept<T> {
  readonly value: T
  readonly until: number
}

/** In maps, by the given clock. */
export function createMemoryProcessControl({ clock }: { readonly clock: Clock }): ProcessControl {
  const reports = new Map<string, Kept<ProcessReport>>()
  const profiles = new Map<string, Kept<ProfileOrder>>()
  const outcomes = new Map<string, ProfileOutcome>()
  let order: LogLevelOrder | null = null
  const now = () => clock().getTime()
  const standing = () => (order && order.until.getTime() > now() ? order : null)
  const kept = <T>(value: T): Kept<T> => ({ value, until: now() + processTtlMs })
  const alive = <T>(one: Kept<T> | undefined): T | null => (one && one.until > now() ? one.value : null)

  return {
    async report(process) {
      reports.set(process.id, kept(process))
      const profile = alive(profiles.get(process.id))
      profiles.delete(process.id)
      return { logLevel: standing(), profile }
    },
    async leave(processId) {
      reports.delete(processId)
    },
    async processes() {
      const living = Array.from(reports.values()).flatMap((one) => alive(one) ?? [])
      return living.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    },
    async setLogLevel(next) {
      order = next
    },
    logLevel: async () => standing(),
    async orderProfile(profile) {
      profiles.set(profile.processId, kept(profile))
    },
    async answerProfile(orderId, outcome) {
      outcomes.set(orderId, outcome)
    },
    profileOutcome: async (orderId) => outcomes.get(orderId) ?? null,
  }
}
