import { maskSecrets } from "../secrets/mask-secrets.ts"
import { runWithin } from "../time/run-within.ts"

/** Asks one thing that is needed, e.g. a database, for a sign of life. Rejects when it gives none. */
export type ReadinessCheck = (signal: AbortSignal) => Promise<{ readonly latencyMs: number }>

export interface CheckResult {
  readonly ok: boolean
  readonly latencyMs: number | null
  readonly error: string | null
}

export interface ReadinessResult {
  /** Whether every check is. */
  readonly ok: boolean
  readonly checks: Readonly<Record<string, CheckResult>>
}

export interface Readiness {
  /** Never rejects, and takes no longer than the time-out. */
  check(): Promise<ReadinessResult>
}

export interface CreateReadinessOptions {
  readonly checks: Readonly<Record<string, ReadinessCheck>>
  /** For each check; they run side by side. */
  readonly timeoutMs: number
  /** How old an answer may be, so that many probes make few checks. Default 500 ms. */
  readonly cacheMs?: number
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number
}

async function runCheck(name: string, check: ReadinessCheck, timeoutMs: number): Promise<CheckResult> {
  try {
    const { latencyMs } = await runWithin({ what: `The check of ${name}`, timeoutMs, run: check })
    return { ok: true, latencyMs, error: null }
  } catch (error) {
    return { ok: false, latencyMs: null, error: maskSecrets(error instanceof Error ? error.message : String(error)) }
  }
}

/** Whether this process can do its work now. Callers that ask at the same time share one round of checks. */
export function createReadiness(options: CreateReadinessOptions): Readiness {
  const { checks, timeoutMs, cacheMs = 500, now = () => performance.now() } = options
  let latest: { doneAt: number | null; result: Promise<ReadinessResult> } | null = null

  const checkAll = async (): Promise<ReadinessResult> => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await runCheck(name, check, timeoutMs)] as const),
    )
    return { ok: results.every(([, { ok }]) => ok), checks: Object.fromEntries(results) }
  }

  return {
    async check() {
      if (latest !== null && (latest.doneAt === null || now() - latest.doneAt < cacheMs)) return latest.result
      const round: NonNullable<typeof latest> = { doneAt: null, result: checkAll() }
      latest = round
      const result = await round.result
      round.doneAt = now()
      return result
    },
  }
}
