import type { AdmitRequest, SettleRequest } from "@sluice/core"
import type { DrivenAdmission } from "./driven-admission.ts"
import { sampleAdmit } from "./samples.ts"

export interface Start {
  readonly caller: number
  readonly atMs: number
  readonly waitedMs: number
  readonly throttled: boolean
}

/** What a provider makes of a call. */
export type Answer = Partial<SettleRequest> & { readonly latencyMs: number }

export interface Simulation {
  readonly starts: readonly Start[]
  readonly admits: number
}

/** Callers who call, come back when they are told to, and call again, on the clock of the driven admission. */
export async function simulateCallers(
  driven: DrivenAdmission,
  options: {
    readonly callers: number
    readonly seconds: number
    readonly requestOf: (caller: number) => Partial<AdmitRequest>
    readonly provider: (atMs: number) => Answer
  },
): Promise<Simulation> {
  const { callers, seconds, requestOf, provider } = options
  const { admission, settle, nowMs, pass } = driven
  const planned: { readonly atMs: number; readonly action: () => Promise<void> }[] = []
  const starts: Start[] = []
  let admits = 0
  const after = (ms: number, action: () => Promise<void>): void => {
    const atMs = nowMs() + ms
    planned.splice(planned.findLastIndex((each) => each.atMs <= atMs) + 1, 0, { atMs, action })
  }
  const ask = async (caller: number, request: AdmitRequest, since: number): Promise<void> => {
    admits += 1
    const outcome = await admission.admit(request)
    if (outcome.kind === "refused") after(outcome.retryInMs, () => ask(caller, { ...request, refusals: request.refusals + 1 }, since))
    else if (outcome.kind === "booked") after(outcome.startInMs, () => ask(caller, request, since))
    else {
      after(outcome.startInMs, async () => {
        const { latencyMs, ...answer } = provider(nowMs())
        starts.push({ caller, atMs: nowMs(), waitedMs: nowMs() - since, throttled: answer.throttled ?? false })
        after(latencyMs, async () => {
          await settle({ request, outcome }, { latencyMs, ...answer })
          await begin(caller)
        })
      })
    }
  }
  const begin = (caller: number): Promise<void> => ask(caller, sampleAdmit(requestOf(caller)), nowMs())

  const endMs = nowMs() + seconds * 1_000
  for (let caller = 0; caller < callers; caller += 1) after(caller, () => begin(caller))
  for (let next = planned.shift(); next !== undefined && next.atMs <= endMs; next = planned.shift()) {
    pass(next.atMs - nowMs())
    await next.action()
  }
  return { starts, admits }
}

/** The most starts in any window of that length. */
export function mostStartsIn(windowMs: number, starts: readonly Start[]): number {
  const times = starts.map(({ atMs }) => atMs)
  return Math.max(...times.map((from) => times.filter((atMs) => atMs >= from && atMs < from + windowMs).length))
}
