import { z } from "zod"
import { milliseconds, name } from "../contract/scalars.ts"
import { objectiveNames } from "../objectives/objective.ts"
import { suggestName } from "../text/nearest-name.ts"
import { credentialRef } from "./credential-ref.ts"

const share = z.number().gt(0).max(1)
const routes = z.array(name).min(1).optional().describe("Of these routes. Default: of all.")
const endpoints = z.array(name).min(1).optional().describe("Of these endpoints. Default: of all.")
const dayMs = 86_400_000
const countedOver = (defaultMs: number) =>
  milliseconds.min(60_000).max(dayMs).default(defaultMs).describe("The time over which is counted, at most a day.")
const minimumJobs = z.int().positive()

export const severities = ["page", "ticket", "info"] as const
export type Severity = (typeof severities)[number]

/** What every rule may say beside its condition. */
const common = {
  name: name.optional().describe("By which it is shown; needed where two rules have the same `when`. Default: `when`."),
  severity: z.enum(severities).optional().describe("How urgent it is. Default: by `when`, see docs/alerts.md."),
  forMs: z.int().nonnegative().optional().describe("How long the condition has to hold before the alert fires. Default: by `when`."),
  clearMs: z.int().nonnegative().default(60_000).describe("How long it has to be gone before the alert counts as over."),
  repeatMs: milliseconds
    .min(60_000)
    .default(4 * 3_600_000)
    .describe("While it fires, it is told again this often."),
  channels: z.array(name).optional().describe("Names of `channels`. Default: all of them."),
}

/** A condition that somebody should know of. */
export const alertRule = z.discriminatedUnion("when", [
  z.strictObject({ when: z.literal("breaker_open"), ...common, endpoints }).describe("An endpoint's breaker is not closed."),
  z
    .strictObject({
      when: z.literal("primary_share_low"),
      ...common,
      routes,
      below: share.default(0.9).describe("Share of a route's answers."),
      windowMs: countedOver(900_000),
      minimumJobs: minimumJobs.default(20).describe("With fewer answers in the window it says nothing."),
    })
    .describe("Too few answers come from the primary tier."),
  z
    .strictObject({
      when: z.literal("dead_letter_rate"),
      ...common,
      above: z.int().nonnegative().default(20).describe("Dead letters within the window, of jobs and of deliveries."),
      windowMs: countedOver(900_000),
    })
    .describe("Dead letters come fast."),
  z
    .strictObject({
      when: z.literal("oldest_waiting"),
      ...common,
      routes,
      aboveMs: milliseconds.default(300_000).describe("How long the oldest job in line of a route may have waited."),
    })
    .describe("A job waits in line for too long. Not of queues that an operator has paused."),
  z
    .strictObject({ when: z.literal("webhook_endpoint_disabled"), ...common })
    .describe("A webhook endpoint was switched off for its failures."),
  z.strictObject({ when: z.literal("credential_rejected"), ...common, endpoints }).describe("A provider refuses a key."),
  z
    .strictObject({ when: z.literal("budget_used"), ...common, above: share.default(0.8).describe("Share of the day's budget.") })
    .describe("A tenant has spent most of its `budgetUsdPerDay`."),
  z
    .strictObject({
      when: z.literal("failure_rate"),
      ...common,
      routes,
      above: share.default(0.05).describe("Share of a route's jobs that failed or expired, but for callers' own faults."),
      windowMs: countedOver(900_000),
      minimumJobs: minimumJobs.default(20).describe("With fewer jobs in the window it says nothing."),
    })
    .describe("Too many jobs fail."),
  z
    .strictObject({
      when: z.literal("token_use"),
      ...common,
      routes: z.array(name).min(1).optional().describe("Each of these routes. Default: all together."),
      above: z.int().positive().describe("Tokens within the window, in and out."),
      windowMs: countedOver(3_600_000),
    })
    .describe("More tokens are used than expected."),
  z
    .strictObject({
      when: z.literal("provider_quota"),
      ...common,
      endpoints,
      above: share.default(0.95).describe("Share of the requests or tokens per minute that the provider allows."),
    })
    .describe("A provider's allowance is nearly used up, or its quota is."),
  z.strictObject({ when: z.literal("route_missing"), ...common }).describe("Jobs wait for a route that the configuration does not have."),
  z
    .strictObject({
      when: z.literal("objective_burn"),
      ...common,
      routes,
      objectives: z.array(z.enum(objectiveNames)).min(1).optional().describe("Default: availability and quality."),
      pace: z
        .enum(["fast", "slow"])
        .default("fast")
        .describe("`fast`: the budget of 30 days would be gone within days. `slow`: before they are over."),
      minimumJobs: minimumJobs.default(20).describe("With fewer events in the longer window it says nothing."),
    })
    .describe("An objective's error budget is used up too fast, over a long and a short window at the same time."),
  z.strictObject({ when: z.literal("canary_failing"), ...common, routes }).describe("A route's canary gets no good answer."),
])
export type AlertRuleConfig = z.infer<typeof alertRule>
export type AlertKind = AlertRuleConfig["when"]

const secretUrl = credentialRef.describe("Where the address is found, which is a secret: `env:NAME`, `file:/path` or `aws-sm:name#key`.")

/** Where alerts are sent. */
export const alertChannel = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("discord"), url: secretUrl }).describe("A webhook of a Discord channel."),
  z.strictObject({ type: z.literal("slack"), url: secretUrl }).describe("An incoming webhook of Slack."),
  z
    .strictObject({
      type: z.literal("webhook"),
      url: z
        .union([z.url({ protocol: /^https?$/ }), credentialRef], {
          error: "Expected an http(s) URL, or where it is found: env:NAME, file:/absolute/path or aws-sm:name#key.",
        })
        .describe("The address, or where it is found."),
      secret: credentialRef.describe("Where the secret that signs is found (`whsec_..`)."),
    })
    .describe("Any receiver of JSON, signed as Standard Webhooks. Private addresses are allowed here."),
  z.strictObject({ type: z.literal("stdout") }).describe("A line in the log of the worker that sends."),
])
export type AlertChannelConfig = z.infer<typeof alertChannel>

/** Rules, and where their alerts go. Cross references are checked here, with the path of the name that leads nowhere. */
export const alertsConfig = z
  .strictObject({
    rules: z.array(alertRule).optional().describe("Default: those of docs/alerts.md."),
    channels: z.record(name, alertChannel).default({}).describe("Names are yours: rules refer to them."),
    everyMs: milliseconds.min(1_000).max(600_000).default(15_000).describe("How often the rules are looked at, by one worker."),
  })
  .superRefine(({ rules = [], channels }, context) => {
    const known = Object.keys(channels)
    const names = rules.map((rule) => rule.name ?? rule.when)
    for (const [index, rule] of rules.entries()) {
      const first = names.indexOf(names[index] ?? "")
      if (first < index) {
        const message = `Rule ${first} has the name "${names[index]}" too. Give this one a \`name\` of its own.`
        context.addIssue({ code: "custom", path: ["rules", index], message })
      }
      for (const [place, channel] of (rule.channels ?? []).entries()) {
        if (known.includes(channel)) continue
        const message = `There is no channel "${channel}". ${suggestName(channel, known)}`
        context.addIssue({ code: "custom", path: ["rules", index, "channels", place], message })
      }
    }
  })
export type AlertsConfig = z.infer<typeof alertsConfig>
