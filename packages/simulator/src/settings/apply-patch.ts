import { profiles } from "./profiles.ts"
import type { OutageRequest, Settings } from "./settings.ts"
import type { ParsedSettingsPatch } from "./settings-patch.ts"

/** The settings after a change. A profile is applied first, so what else the change names wins over it. */
export function applyPatch(settings: Settings, patch: ParsedSettingsPatch): Settings {
  const { profile, outage: _outage, script: _script, latency, limits, faults, answers, log, ...plain } = patch
  const rates = profile === undefined ? {} : { rates: profiles[profile].rates }
  return {
    ...settings,
    ...plain,
    latency: { ...settings.latency, ...latency },
    limits: { ...settings.limits, ...limits },
    faults: { ...settings.faults, ...rates, ...faults },
    answers: { ...settings.answers, ...answers },
    log: { ...settings.log, ...log },
  }
}

/** The outage that a change asks for, null for none; undefined leaves it as it is. */
export function requestedOutage({ outage, profile }: ParsedSettingsPatch): OutageRequest | null | undefined {
  if (outage !== undefined) return outage
  return profile === undefined ? undefined : profiles[profile].outage
}
