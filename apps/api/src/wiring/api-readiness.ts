import { createReadiness, type Logger, type ReadinessCheck } from "@sluice/runtime"
import type { Readiness } from "../routes/health.ts"

export interface ApiReadinessOptions {
  /** Without these no job can be accepted. */
  readonly required: Readonly<Record<string, ReadinessCheck>>
  /** Without these jobs are accepted, and wait. */
  readonly helpful: Readonly<Record<string, ReadinessCheck>>
  /** Aborted when the process shuts down, so that it gets no more requests. */
  readonly signal: AbortSignal
  readonly logger: Pick<Logger, "info" | "warn">
  /** For each check. Default 1 s. */
  readonly timeoutMs?: number
  /** How old an answer may be. Default 500 ms. */
  readonly cacheMs?: number
}

/** Whether jobs can be accepted now. Each change of a check is logged with its reason. */
export function createApiReadiness({
  required,
  helpful,
  signal,
  logger,
  timeoutMs = 1_000,
  cacheMs = 500,
}: ApiReadinessOptions): Readiness {
  const readiness = createReadiness({ checks: { ...required, ...helpful }, timeoutMs, cacheMs })
  const known = new Map<string, boolean>()
  return {
    async check() {
      const { checks } = await readiness.check()
      for (const [name, { ok, error }] of Object.entries(checks)) {
        if (known.get(name) === ok) continue
        if (!ok) logger.warn({ check: name, error }, "health check fails")
        else if (known.has(name)) logger.info({ check: name }, "health check passes again")
        known.set(name, ok)
      }
      return { ok: !signal.aborted && Object.keys(required).every((name) => checks[name]?.ok), checks }
    },
  }
}
