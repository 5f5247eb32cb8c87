import { type BurnWindow, burnRateOf, countEvents, type Finding, type Objective, objectivesOf } from "@sluice/core"
import type { Window } from "../../objectives/window-figures.ts"
import { type Condition, isMeant, type Look } from "../condition.ts"
import { percent } from "../words.ts"

interface Pace {
  readonly long: BurnWindow
  readonly short: BurnWindow
  readonly rate: number
}

/** Long windows keep one bad minute from raising an alert, short ones end it soon after the trouble (Google SRE workbook, chapter 5). */
const paces: Readonly<Record<"fast" | "slow", readonly Pace[]>> = {
  fast: [
    { long: "1h", short: "5m", rate: 14.4 },
    { long: "6h", short: "30m", rate: 6 },
  ],
  slow: [{ long: "3d", short: "6h", rate: 1 }],
}

/** Times of answers depend on what is asked: they are told, but nobody is woken for them unless the rule says so. */
const usual: readonly string[] = ["availability", "quality"]

export const objectiveBurn: Condition<"objective_burn"> = async (rule, look) => {
  const figuresIn = await look.windowFigures()
  const watched = Object.entries(look.catalog.routes).filter(([route]) => isMeant(rule.routes, route))
  return watched.flatMap(([route, { objectives: own }]) =>
    objectivesOf(look.catalog.objectives, own)
      .filter(({ name }) => (rule.objectives ?? usual).includes(name))
      .flatMap((objective) => {
        const countsOf = (window: Window) => countEvents(objective, figuresIn(window).get(route) ?? {})
        const isBurning = ({ long, short, rate }: Pace) =>
          countsOf(long).events >= rule.minimumJobs &&
          [long, short].every((window) => (burnRateOf(objective, countsOf(window)) ?? 0) >= rate)
        const pace = paces[rule.pace].find(isBurning)
        return pace ? [found({ route, objective, pace, burnRate: burnRateOf(objective, countsOf(pace.long)) ?? 0 })] : []
      }),
  )
}

const budgetDays = 30

function found(burn: { route: string; objective: Objective; pace: Pace; burnRate: number }): Finding {
  const { route, objective, pace, burnRate } = burn
  const days = Math.round((budgetDays / burnRate) * 10) / 10
  return {
    subject: `objective ${objective.name} of ${route}`,
    labels: { route, objective: objective.name, window: pace.long },
    value: burnRate,
    summary: `${route} uses up the error budget of ${objective.name} (target ${percent(objective.target)}) ${Math.round(burnRate * 10) / 10} times as fast as it may, over ${pace.long} and ${pace.short}: 30 days' worth is gone in ${days} days.`,
    advice: `\`sluice report --since 1d\` tells the errors and tiers of ${route}; GET /v1/slo what is left.`,
    path: "/dashboard/overview",
  }
}

export const canaryFailing: Condition<"canary_failing"> = async ({ routes }, { canaries, catalog }: Look) =>
  (await canaries.list())
    .filter(({ route, outcome }) => isFailing(outcome) && isMeant(routes, route) && Object.hasOwn(catalog.routes, route))
    .map(({ route, tier, endpoint, outcome, error, since }) => ({
      subject: `canary ${route} ${tier} ${endpoint}`,
      labels: { route, tier, endpoint },
      value: null,
      summary: `The canary of ${route} gets no good answer from ${endpoint} (${tier}) since ${since.toISOString()}: ${error ?? outcome}.`,
      advice: "GET /health/inference shows every tier. `sluice check --call` asks the endpoints from here.",
      path: "/dashboard/endpoints",
    }))

function isFailing(outcome: string): boolean {
  return outcome === "failed" || outcome === "unexpected"
}
