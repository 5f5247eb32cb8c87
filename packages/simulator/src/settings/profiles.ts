import { outcomeKinds, type Rates } from "../faults/schedule.ts"
import type { OutageRequest } from "./settings.ts"

/** A named way to fail. It replaces all rates and the outage, and leaves everything else as it is. */
export interface Profile {
  readonly description: string
  readonly rates: Rates
  readonly outage: OutageRequest | null
}

/** Fails in every way there is, each as often; but for `refuse`, which under load would leave no time for the others. */
const EVERYTHING: Rates = Object.fromEntries(outcomeKinds.filter((kind) => kind !== "ok" && kind !== "refuse").map((kind) => [kind, 0.02]))

export const profiles = {
  healthy: { description: "no failures", rates: {}, outage: null },
  "fault-mix": {
    description: "5 % 429, 4 % 503, 3 % hang, 2 % cut-off JSON (half of it inside sound HTTP), 1 % connection reset",
    rates: { rate_limited: 0.05, unavailable: 0.04, hang: 0.03, cut_json: 0.01, cut_body: 0.01, reset: 0.01 },
    outage: null,
  },
  overloaded: {
    description: "20 % 529, 20 % 503, 20 % slow: a provider on a bad day",
    rates: { overloaded: 0.2, unavailable: 0.2, slow: 0.2 },
    outage: null,
  },
  slow: { description: "half of all answers late by slowMs", rates: { slow: 0.5 }, outage: null },
  "bad-output": {
    description: "answers that arrive but are no use: cut off, of a wrong shape, breaking their schema",
    rates: { cut_json: 0.1, wrong_shape: 0.1, schema_violation: 0.1, not_json: 0.1, length: 0.05, error_in_ok: 0.05 },
    outage: null,
  },
  everything: { description: "every kind of failure except refuse, 2 % each", rates: EVERYTHING, outage: null },
  outage: { description: "503 to every call until another profile is set", rates: {}, outage: { mode: "unavailable", durationMs: null } },
} as const satisfies Record<string, Profile>

export type ProfileName = keyof typeof profiles
