import { allTenants, type Figures, startOfGrain } from "@sluice/core"
import { admissionEndpointOf } from "../execute/admission-endpoint.ts"
import { readWindowFigures, sumByRoute } from "../objectives/window-figures.ts"
import type { ConditionSources, Look } from "./condition.ts"

/** A look at everything, each part of it read when it is first asked for, and then kept. */
export function lookOnce({ admission, catalog: current, ...sources }: ConditionSources, now: Date): Look {
  const { reports } = sources
  const catalog = current()
  const byWindow = new Map<number, Promise<ReadonlyMap<string, Figures>>>()
  return {
    ...sources,
    now,
    catalog,
    endpointStates: once(() => admission.state([...catalog.endpoints.values()].map(admissionEndpointOf))),
    windowFigures: once(() => readWindowFigures({ reports, now, tenantId: null, route: null })),
    figuresOf(windowMs) {
      const from = startOfGrain("minute", new Date(now.getTime() - windowMs))
      const known = byWindow.get(windowMs) ?? reports.buckets({ grain: "minute", tenantId: allTenants, route: null, from }).then(sumByRoute)
      byWindow.set(windowMs, known)
      return known
    },
  }
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null
  return () => {
    answer ??= read()
    return answer
  }
}
