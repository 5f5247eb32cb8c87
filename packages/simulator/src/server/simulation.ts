import { type Counters, createTally, type Tally } from "../control/counters.ts"
import { createRequestLog, type FateSource, type ReceivedRequest, type RequestEntry, type RequestLog } from "../control/request-log.ts"
import { activeOutage, type Outage } from "../faults/outage.ts"
import type { Outcome } from "../faults/outcome.ts"
import { createSchedule, type Schedule } from "../faults/schedule.ts"
import { createScript, type Script, type ScriptStep } from "../faults/script.ts"
import { createLimitGroups, type LimitGroups } from "../limits/limit-groups.ts"
import { applyPatch, requestedOutage } from "../settings/apply-patch.ts"
import { defaultSettings, type OutageRequest, type Settings } from "../settings/settings.ts"
import type { ParsedSettingsPatch } from "../settings/settings-patch.ts"

/** The state of one simulator, without any sockets. */
export interface Simulation {
  readonly now: () => number
  settings(): Settings
  /** Changes what the patch names. Returns the outage that it asks for: null for none, undefined to leave it. */
  configure(patch: ParsedSettingsPatch): OutageRequest | null | undefined
  /** Begins anew under the same settings: request 1 is next; no script, outage, log or counts; full allowances. */
  reset(): void
  outage(): Outage | null
  script(): ScriptStep[]
  limitGroups: LimitGroups
  /** The number of the next call. */
  nextNumber(): number
  /** What becomes of a call that neither an outage nor a limit stopped. */
  nextOutcome(number: number): { outcome: Outcome; source: FateSource }
  /** A name for the next request, unique until the next reset. */
  nextRequestId(): string
  opened(entry: RequestEntry): void
  closed(entry: RequestEntry): void
  requests(): ReceivedRequest[]
  counters(): Counters
}

interface State {
  settings: Settings
  schedule: Schedule
  script: Script
  outage: Outage | null
  limitGroups: LimitGroups
  log: RequestLog
  tally: Tally
  numbers: number
  requestIds: number
}

/** A simulation with the default settings. `now` is the time in milliseconds since the epoch. */
export function createSimulation({ now }: { now: () => number }): Simulation {
  const state = initialState(defaultSettings, now, 0)
  return {
    now,
    settings: () => state.settings,
    configure: (patch) => configure(state, patch, now),
    reset: () => void Object.assign(state, initialState(state.settings, now, state.tally.counters().open)),
    outage: () => activeOutage(state.outage, now()),
    script: () => state.script.remaining(),
    limitGroups: (caller) => state.limitGroups(caller),
    nextNumber: () => ++state.numbers,
    nextOutcome: (number) => nextOutcome(state, number),
    nextRequestId: () => `req_${state.settings.seed.toString(16).padStart(8, "0")}${(++state.requestIds).toString().padStart(8, "0")}`,
    opened(entry) {
      state.tally.opened()
      state.log.add(entry)
    },
    closed: (entry) => state.tally.closed(entry),
    requests: () => state.log.list(),
    counters: () => state.tally.counters(),
  }
}

function initialState(settings: Settings, now: () => number, open: number): State {
  return {
    settings,
    schedule: createSchedule({ seed: settings.seed, rates: settings.faults.rates }),
    script: createScript([]),
    outage: null,
    limitGroups: createLimitGroups(settings.limits, now),
    log: createRequestLog(settings.log.capacity),
    tally: createTally({ open }),
    numbers: 0,
    requestIds: 0,
  }
}

/** What hangs on a part of the settings is made anew only if that part was named: a script must not refill the limits. */
function configure(state: State, patch: ParsedSettingsPatch, now: () => number): OutageRequest | null | undefined {
  const settings = applyPatch(state.settings, patch)
  const outage = requestedOutage(patch)
  state.settings = settings
  state.schedule = createSchedule({ seed: settings.seed, rates: settings.faults.rates })
  if (patch.limits !== undefined) state.limitGroups = createLimitGroups(settings.limits, now)
  if (patch.log !== undefined) state.log = createRequestLog(settings.log.capacity)
  if (patch.script !== undefined) state.script = createScript(patch.script)
  if (outage === null) state.outage = null
  else if (outage !== undefined)
    state.outage = { mode: outage.mode, untilMs: outage.durationMs === null ? null : now() + outage.durationMs }
  return outage
}

function nextOutcome({ script, schedule, settings: { faults } }: State, number: number): { outcome: Outcome; source: FateSource } {
  const step = script.next()
  const kind = step?.outcome ?? schedule(number)
  const outcome: Outcome = {
    kind,
    retryAfterMs: step?.retryAfterMs ?? (kind === "rate_limited" ? faults.retryAfterMs : null),
    slowMs: step?.slowMs ?? faults.slowMs,
    refuseMs: step?.refuseMs ?? faults.refuseMs,
  }
  return { outcome, source: step === null ? "schedule" : "script" }
}
