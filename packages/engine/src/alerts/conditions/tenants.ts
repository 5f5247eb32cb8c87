import { startOfGrain, toUsd } from "@sluice/core"
import type { Condition } from "../condition.ts"
import { percent } from "../words.ts"

/** More tenants, or endpoints of theirs, than that are not told apart by alerts. */
const limit = 1_000

export const budgetUsed: Condition<"budget_used"> = async ({ above }, { reports, tenants, now }) => {
  const today = startOfGrain("day", now)
  const sums = await reports.sum({ filter: { credential: "platform", from: today, to: today }, by: ["tenant"], limit: 10_000 })
  return sums.flatMap(({ group, figures }) => {
    const tenantId = group.tenant ?? ""
    const { budgetUsdPerDay: budget } = tenants.settingsOf(tenantId)
    const spent = toUsd(figures.costPicoUsd ?? 0)
    if (!budget || spent / budget < above) return []
    const summary = `Tenant ${tenantId} has spent ${percent(spent / budget)} of today's budget: $${spent.toFixed(2)} of $${budget.toFixed(2)}.`
    const advice = `Its jobs wait for the next day (UTC) once it is used up. \`sluice tenants set ${tenantId} budgetUsdPerDay=..\` raises it.`
    return [{ subject: `tenant ${tenantId}`, labels: { tenantId }, value: spent / budget, summary, advice, path: "/dashboard/usage" }]
  })
}

const reasons = { failing: "it has done nothing but fail", gone: "it answered 410", manual: "by hand" } as const

export const webhookEndpointDisabled: Condition<"webhook_endpoint_disabled"> = async (_rule, { webhookEndpoints }) =>
  (await webhookEndpoints.findDisabled({ limit })).map(({ id, tenantId, disabled }) => ({
    subject: `webhook endpoint ${id}`,
    labels: { webhookEndpoint: id, tenantId },
    value: null,
    summary: `The webhook endpoint ${id} of tenant ${tenantId} was switched off: ${reasons[disabled?.reason ?? "failing"]}.`,
    advice: `Tell its owner. \`sluice webhooks deliveries ${id}\` has its answers; once it is enabled again, \`recover\` sends what was missed.`,
    path: "/dashboard/webhooks",
  }))
