import {
  type Attempt,
  addFigures,
  type Canary,
  type CanaryOutcome,
  type CanaryRef,
  type CanaryResult,
  type CanaryStore,
  canaryKeyOf,
  canaryOf,
  canaryWorkOf,
  type Endpoint,
  figuresOfCall,
  platformTenant,
  startOfGrain,
  type UsageLedger,
  type UsageRow,
  type Work,
} from "@sluice/core"
import type { Catalog } from "../catalog.ts"
import { type CanaryCallDependencies, type CanaryCallOutcome, callCanary } from "./call-canary.ts"
import { checkExpectation } from "./check-expectation.ts"

export interface CheckCanariesDependencies extends CanaryCallDependencies {
  readonly canaries: CanaryStore
  readonly ledger: Pick<UsageLedger, "writeRows">
  readonly catalog: () => Catalog
}

/** One endpoint of one tier of one route, and how it is asked. */
interface Check extends CanaryRef {
  readonly target: Endpoint
  readonly peers: readonly string[]
  readonly work: Work
  readonly canary: Canary & { readonly everyMs: number }
}

const timeoutMs = 30_000

/**
 * Asks every endpoint whose turn it is, each as every tier of every route uses it. The turn is taken in the database, by one of all
 * processes. Resolves with how many were asked.
 */
export function createCheckCanaries(dependencies: CheckCanariesDependencies): () => Promise<number> {
  const { canaries, catalog, clock } = dependencies
  let known = ""
  return async () => {
    const { version, ...configured } = catalog()
    const checks = checksOf(configured)
    const keys = checks.map(canaryKeyOf).join("\n")
    if (keys !== known) await canaries.retain(checks)
    known = keys
    if (checks.length === 0) return 0
    const last = new Map((await canaries.list()).map((result) => [canaryKeyOf(result), result]))
    const asked = await Promise.all(
      checks.map(async (check) => {
        const before = last.get(canaryKeyOf(check)) ?? null
        if (!isDue(check, before, clock())) return false
        const { route, tier, endpoint, canary } = check
        if (!(await canaries.claim({ route, tier, endpoint, at: clock(), everyMs: canary.everyMs }))) return false
        await ask(dependencies, { check, before, version })
        return true
      }),
    )
    return asked.filter(Boolean).length
  }
}

/** Those that only take tenants' keys are asked by nobody but these. */
function checksOf({ routes, endpoints }: Omit<Catalog, "version">): readonly Check[] {
  return Object.entries(routes).flatMap(([route, config]) => {
    const canary = canaryOf(config)
    const work = canaryWorkOf(config)
    if (canary === null || canary.everyMs === null || work === null) return []
    const { everyMs } = canary
    return config.tiers.flatMap((tier) =>
      ("endpoints" in tier ? tier.endpoints : []).flatMap((name): Check[] => {
        const target = endpoints.get(name)
        if (!target || target.credential === "tenant" || !("endpoints" in tier)) return []
        return [{ route, tier: tier.name, endpoint: name, target, peers: tier.endpoints, work, canary: { ...canary, everyMs } }]
      }),
    )
  })
}

/** Saves the database the question; it has the last word. */
function isDue({ canary }: Check, before: CanaryResult | null, now: Date): boolean {
  return before === null || now.getTime() - before.checkedAt.getTime() >= canary.everyMs * 0.9
}

interface Asking {
  readonly check: Check
  readonly before: CanaryResult | null
  readonly version: number
}

async function ask(dependencies: CheckCanariesDependencies, { check, before, version }: Asking): Promise<void> {
  const { canaries, ledger, clock } = dependencies
  const { route, tier, endpoint, target, peers, work } = check
  const called = await callCanary(dependencies, {
    endpoint: target,
    route,
    tier: { name: tier, endpoints: peers },
    work,
    timeoutMs,
    version,
  })
  const judged = judge(dependencies, check, called)
  if (judged === null) return
  const checkedAt = clock()
  const since = before?.outcome === judged.outcome ? before.since : checkedAt
  const usage = called.kind === "called" ? usageAfter(before, called.outcome.attempt) : (before?.usage ?? null)
  const result: CanaryResult = { route, tier, endpoint, ...judged, checkedAt, since, usage }
  await canaries.record(result)
  // Set, not added: whatever was not written down before comes with the next.
  await ledger.writeRows({ number: checkedAt.getTime(), rows: rowsOf(result, target) })
}

type Judged = { readonly outcome: CanaryOutcome; readonly latencyMs: number | null; readonly error: string | null }

/** Null: it says nothing, since it was not called for want of allowance, or the process stops. */
function judge({ schemas }: CheckCanariesDependencies, { canary }: Check, called: CanaryCallOutcome): Judged | null {
  if (called.kind === "refused") {
    const isBusy = ["rate_limited", "concurrency", "retry_backoff", "booked"].includes(called.reason)
    return isBusy ? null : { outcome: "unavailable", latencyMs: null, error: called.reason }
  }
  const { outcome } = called
  const latencyMs = outcome.attempt.durationMs
  switch (outcome.kind) {
    case "aborted":
      return null
    case "out_of_time":
      return { outcome: "failed", latencyMs, error: "timeout" }
    case "failed":
      return { outcome: "failed", latencyMs, error: outcome.error.type }
    case "answered": {
      const fault = checkExpectation(schemas, canary.expect, outcome.answer.generated)
      if (fault !== null) return { outcome: "unexpected", latencyMs, error: fault }
      const { maxLatencyMs } = canary
      if (maxLatencyMs === null || latencyMs <= maxLatencyMs) return { outcome: "ok", latencyMs, error: null }
      return { outcome: "slow", latencyMs, error: `It took ${latencyMs} ms; ${maxLatencyMs} ms are expected at most.` }
    }
  }
}

function usageAfter(before: CanaryResult | null, attempt: Attempt): CanaryResult["usage"] {
  const day = startOfGrain("day", attempt.startedAt)
  const earlier = before?.usage?.day.getTime() === day.getTime() ? before.usage.calls : {}
  const { outcome } = attempt
  return { day, calls: { ...earlier, [outcome]: addFigures(earlier[outcome] ?? {}, figuresOfCall(attempt)) } }
}

function rowsOf({ route, tier, endpoint, usage }: CanaryResult, { provider, model }: Endpoint): UsageRow[] {
  const of = { grain: "day", tenantId: platformTenant, route, tier, endpoint, provider, model, credential: "platform" } as const
  return (["succeeded", "failed", "cancelled"] as const).flatMap((status) => {
    const figures = usage?.calls[status]
    return usage && figures ? [{ ...of, at: usage.day, status, figures }] : []
  })
}
