import type { Configuration } from "@sluice/core"

/** How webhooks are delivered; asked for anew each time, since the configuration may change. */
export interface DeliverySettings {
  /** Waits before the first, second, .. try of a delivery. As many tries are made as there are waits. */
  readonly scheduleMs: readonly number[]
  /** For one request. */
  readonly timeoutMs: number
  /** An endpoint that has done nothing but fail for so long is disabled. */
  readonly disableAfterMs: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** The schedule of Svix, the reference of Standard Webhooks: eight tries over 28 hours. Five days of failures disable, as there. */
export const defaultDeliverySettings: DeliverySettings = {
  scheduleMs: [0, 5_000, 5 * minuteMs, 30 * minuteMs, 2 * hourMs, 5 * hourMs, 10 * hourMs, 10 * hourMs],
  timeoutMs: 15_000,
  disableAfterMs: 5 * 24 * hourMs,
}

/** What the configuration says, and the defaults where it is silent. */
export function deliverySettingsOf({ scheduleMs, timeoutMs, disableAfterMs }: Configuration["webhooks"]): DeliverySettings {
  return {
    scheduleMs: scheduleMs ?? defaultDeliverySettings.scheduleMs,
    timeoutMs: timeoutMs ?? defaultDeliverySettings.timeoutMs,
    disableAfterMs: disableAfterMs ?? defaultDeliverySettings.disableAfterMs,
  }
}
