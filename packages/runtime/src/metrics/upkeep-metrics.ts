import type { Registry } from "@prometheus-io/client"
import { instrumentsOf } from "./instruments.ts"

export interface UpkeepMetrics {
  repaired(event: { readonly kind: string; readonly count: number }): void
  /** A job ended badly, or a delivery was given up. */
  deadLetter(event: { readonly kind: "job" | "delivery"; readonly errorType: string }): void
  breakerChanged(event: { readonly endpoint: string; readonly to: string }): void
  credentialDisabled(event: { readonly reason: string }): void
  /** A write of an execution was refused, since another had taken the job over. */
  overtaken(): void
}

/** What the reconciler mended, and what people may have to see to. */
export function createUpkeepMetrics(registry: Registry): UpkeepMetrics {
  const { counter } = instrumentsOf(registry)
  const repairs = counter("sluice_reconciler_repairs_total", "What the reconciler mended, by kind.", ["kind"])
  const deadLetters = counter("sluice_dead_letters_total", "Dead letters that came into being.", ["kind", "error_type"])
  const breakers = counter("sluice_breaker_changes_total", "Changes of breakers, by the state they went to.", ["endpoint", "to"])
  const credentials = counter("sluice_credentials_disabled_total", "Credentials that were put out of use.", ["reason"])
  const overtakings = counter("sluice_executions_overtaken_total", "Executions whose result was not written: fencing at work.", [])
  return {
    repaired: ({ kind, count }) => repairs.inc({ kind }, count),
    deadLetter: ({ kind, errorType }) => deadLetters.inc({ kind, error_type: errorType }),
    breakerChanged: ({ endpoint, to }) => breakers.inc({ endpoint, to }),
    credentialDisabled: ({ reason }) => credentials.inc({ reason }),
    overtaken: () => overtakings.inc(),
  }
}
