/** Per minute; null: not limited, or not known. */
export interface PerMinute {
  readonly requests: number | null
  readonly tokens: number | null
}

/** What is known of the limits of a group of endpoints that share one allowance. */
export interface Limits {
  /** Of the configuration that `configured` comes from; null before the first. */
  readonly version: number | null
  readonly configured: PerMinute
  /** As the provider last reported them. */
  readonly reported: PerMinute
}

export const unknownLimits: Limits = {
  version: null,
  configured: { requests: null, tokens: null },
  reported: { requests: null, tokens: null },
}

/** How much of a limit is used. Measured against limiters of the usual kinds: no refusals at this share. */
export const usableShare = 0.985

function smaller(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other
  return Math.min(one, other)
}

/**
 * Takes the limits of the configuration over: the newest version wins, within one version the lowest limit. Returns the same
 * object if nothing changed.
 */
export function configureLimits(limits: Limits, version: number, perMinute: PerMinute): Limits {
  if (limits.version !== null && version < limits.version) return limits
  const { configured } = limits
  if (limits.version !== version) return { ...limits, version, configured: perMinute }
  const requests = smaller(configured.requests, perMinute.requests)
  const tokens = smaller(configured.tokens, perMinute.tokens)
  return requests === configured.requests && tokens === configured.tokens ? limits : { ...limits, configured: { requests, tokens } }
}

/** Takes over what the provider reported; what it did not say, or said nonsensically, stays as it was. */
export function reportLimits(limits: Limits, { requests, tokens }: PerMinute): Limits {
  const { reported } = limits
  return {
    ...limits,
    reported: {
      requests: requests !== null && requests > 0 ? requests : reported.requests,
      tokens: tokens !== null && tokens > 0 ? tokens : reported.tokens,
    },
  }
}

/** What is reported never raises what is configured. */
export function knownPerMinute({ configured, reported }: Limits): PerMinute {
  return { requests: smaller(configured.requests, reported.requests), tokens: smaller(configured.tokens, reported.tokens) }
}

export function usablePerMinute(limits: Limits): PerMinute {
  const { requests, tokens } = knownPerMinute(limits)
  return { requests: requests === null ? null : requests * usableShare, tokens: tokens === null ? null : tokens * usableShare }
}
