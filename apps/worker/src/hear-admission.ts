import type { FanOut } from "@sluice/engine"
import type { AdmissionOptions } from "@sluice/redis"
import type { Logger } from "@sluice/runtime"
import { announceBreakers } from "./announce-breakers.ts"
import { logAdmission } from "./log-admission.ts"

export interface HearAdmissionOptions {
  readonly logger: Logger
  readonly measure: NonNullable<AdmissionOptions["onEvent"]>
  readonly raise: FanOut["raise"]
}

/** Logs and counts what becomes known about providers, and lets webhooks hear of it. */
export function hearAdmission({ logger, measure, raise }: HearAdmissionOptions): NonNullable<AdmissionOptions["onEvent"]> {
  const log = logAdmission(logger)
  const onError = (error: unknown) => logger.warn({ err: error }, "an event about an endpoint could not be announced")
  const announce = announceBreakers({ raise, clock: () => new Date(), onError })
  return (event) => {
    log(event)
    measure(event)
    announce(event)
  }
}
