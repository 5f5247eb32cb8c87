import type { Span, TierName, Tracer } from "@sluice/core"
import type { Execution } from "../execute/execution.ts"

type Watched = Pick<Execution, "span" | "job" | "route">

/** The look for a fresh answer, where the route and the job may have one. */
export async function traceLookup<T>(
  tracer: Tracer,
  { span: parent, job, route }: Watched,
  look: () => Promise<T | null>,
): Promise<T | null> {
  if (!parent.isRecording || !route.cache || job.options.cache !== "use") return await look()
  const span = tracer.start({ name: "cache lookup", parent, attributes: { "sluice.route": job.route } })
  return await sayWhetherFound(span, look)
}

/** What a tier without providers had to say. */
export async function traceTier<T>(tracer: Tracer, parent: Span, tier: TierName, answer: () => Promise<T | null>): Promise<T | null> {
  if (!parent.isRecording) return await answer()
  return await sayWhetherFound(tracer.start({ name: `tier ${tier}`, parent, attributes: { "sluice.tier": tier } }), answer)
}

async function sayWhetherFound<T>(span: Span, look: () => Promise<T | null>): Promise<T | null> {
  try {
    const found = await look()
    span.set({ "sluice.hit": found !== null })
    return found
  } finally {
    span.end()
  }
}

/** A tier that did not serve the job, and the class of what kept it from doing so: words of providers may repeat the prompt. */
export function notePassedTier({ span }: Pick<Execution, "span">, tier: TierName, reason: string): void {
  span.add({ name: "sluice.tier_passed", attributes: { "sluice.tier": tier, "sluice.reason": reason } })
}
