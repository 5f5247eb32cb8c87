export interface ClaimTokensOptions {
  readonly newToken: () => string
  readonly nowMs?: () => number
}

/** How long a token is given out: about a flush of the store. */
const sharedForMs = 50

/**
 * Gives each claim its token. Claims of the same moment share one, so that the store can write them as one statement; a job
 * never gets the same token twice, which is what fencing needs.
 */
export function createClaimTokens({ newToken, nowMs = () => performance.now() }: ClaimTokensOptions): (jobId: string) => string {
  let token = ""
  let untilMs = Number.NEGATIVE_INFINITY
  const holders = new Set<string>()
  return (jobId) => {
    if (nowMs() >= untilMs || holders.has(jobId)) {
      token = newToken()
      untilMs = nowMs() + sharedForMs
      holders.clear()
    }
    holders.add(jobId)
    return token
  }
}
