import { countEvents, type Figures } from "@sluice/core"
import { type Condition, isMeant } from "../condition.ts"
import { counted, lasting, percent } from "../words.ts"

const ofRoute = (route: string, path: string) => ({ subject: `route ${route}`, labels: { route }, path })

export const primaryShareLow: Condition<"primary_share_low"> = async ({ routes, below, windowMs, minimumJobs }, { figuresOf }) =>
  [...(await figuresOf(windowMs))].flatMap(([route, figures]) => {
    const { succeeded = 0, tier_primary: primary = 0 } = figures
    const share = primary / succeeded
    if (!isMeant(routes, route) || succeeded < minimumJobs || share >= below) return []
    const summary = `The primary tier gave ${percent(share)} of the ${counted(succeeded, "answer")} of ${route} in ${lasting(windowMs)}; it should be ${percent(below)}.`
    const advice = "Usually a breaker is open or a key is out of use (`sluice endpoints`); `provenance.degradedReason` of results tells."
    return [{ ...ofRoute(route, "/dashboard/overview"), value: share, summary, advice }]
  })

export const failureRate: Condition<"failure_rate"> = async ({ routes, above, windowMs, minimumJobs }, { figuresOf }) =>
  [...(await figuresOf(windowMs))].flatMap(([route, figures]) => {
    const { events, bad } = countEvents({ name: "availability", target: 0.99, limitMs: null }, figures)
    if (!isMeant(routes, route) || events < minimumJobs || bad / events <= above) return []
    const summary = `${percent(bad / events)} of the ${counted(events, "job")} of ${route} failed or expired in ${lasting(windowMs)}${causes(figures)}.`
    const advice = "`sluice dead-letters summary` counts them by cause; replay them when it is mended."
    return [{ ...ofRoute(route, "/dashboard/dead-letters"), value: bad / events, summary, advice }]
  })

/** The most frequent first. */
function causes(figures: Figures): string {
  const counts = Object.entries(figures).flatMap(([name, count]) => (name.startsWith("error_") ? [[name.slice(6), count] as const] : []))
  const listed = counts.sort(([, a], [, b]) => b - a).slice(0, 3)
  return listed.length === 0 ? "" : `: ${listed.map(([type, count]) => `${count} ${type}`).join(", ")}`
}

export const tokenUse: Condition<"token_use"> = async ({ routes, above, windowMs }, { figuresOf }) => {
  const used = [...(await figuresOf(windowMs))].map(([route, { tokens = 0 }]) => ({ route, tokens }))
  const total = used.reduce((sum, { tokens }) => sum + tokens, 0)
  const asked = routes ? used.filter(({ route }) => routes.includes(route)) : [{ route: null, tokens: total }]
  return asked.flatMap(({ route, tokens }) => {
    if (tokens <= above) return []
    const of = route === null ? { subject: "installation", labels: {}, path: "/dashboard/usage" } : ofRoute(route, "/dashboard/usage")
    const summary = `${counted(tokens, "token")} were used${route === null ? "" : ` by ${route}`} in ${lasting(windowMs)}; ${counted(above, "token")} are expected at most.`
    const advice = "`sluice usage --by day,tenant,route` tells by whom. `requestsPerMinute` and `budgetUsdPerDay` limit a tenant."
    return [{ ...of, value: tokens, summary, advice }]
  })
}

export const deadLetterRate: Condition<"dead_letter_rate"> = async ({ above, windowMs }, { deadLetters, now }) => {
  const count = await deadLetters.countFailures({ from: new Date(now.getTime() - windowMs), until: now })
  if (count <= above) return []
  const summary = `${counted(count, "dead letter")} came within ${lasting(windowMs)}; more than ${above} are not expected.`
  const advice = "`sluice dead-letters summary` counts them by cause, and `replay` sends them again at a pace that can be borne."
  return [{ subject: "installation", labels: {}, value: count, summary, advice, path: "/dashboard/dead-letters" }]
}

export const oldestWaiting: Condition<"oldest_waiting"> = async ({ routes, aboveMs }, { queues, catalog, now }) =>
  (await queues.states(Object.keys(catalog.routes).filter((route) => isMeant(routes, route)))).flatMap((queue) => {
    const waitedMs = queue.oldestWaitingSince ? now.getTime() - queue.oldestWaitingSince.getTime() : 0
    if (queue.paused || waitedMs <= aboveMs) return []
    const summary = `The oldest job in line of ${queue.route} has waited for ${lasting(waitedMs)}; ${counted(queue.waiting + queue.prioritized, "job")} are in line.`
    const advice = "`sluice jobs --status queued` shows what they wait for. Nothing: there are too few workers, or none that has the route."
    return [{ ...ofRoute(queue.route, "/dashboard/overview"), value: waitedMs, summary, advice }]
  })

export const routeMissing: Condition<"route_missing"> = async (_rule, { scans, catalog }) => {
  const missing: string[] = []
  for (let after: string | null = null; ; ) {
    const route = await scans.nextRoute({ status: "queued", after })
    if (route === null) break
    if (!Object.hasOwn(catalog.routes, route)) missing.push(route)
    after = route
  }
  return missing.map((route) => ({
    ...ofRoute(route, "/dashboard/jobs"),
    value: null,
    summary: `Jobs wait for the route ${route}, which the configuration does not have.`,
    advice: `Put ${route} back into sluice.yaml, or cancel them; else they expire at their deadlines.`,
  }))
}
