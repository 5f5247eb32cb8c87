import { z } from "zod"
import { alertStates, noticeEvents } from "../alerts/alert.ts"
import { alertRule, severities } from "../configuration/alerts.ts"
import { pageQuery } from "./queries.ts"
import { milliseconds, moment, name, timestamp } from "./scalars.ts"

export const alertId = z
  .string()
  .regex(/^alt_[0-9a-f]{32}$/, "Expected an alert's id such as alt_01993f0ac1d27c4e8b60a1b2c3d4e5f6")
  .meta({ description: "An alert's id.", examples: ["alt_01993f0ac1d27c4e8b60a1b2c3d4e5f6"] })

const kinds = alertRule.options.map((option) => option.shape.when.value)

export const alertResource = z
  .strictObject({
    id: alertId,
    object: z.literal("alert"),
    rule: name.describe("The rule's name."),
    when: z.enum(kinds).describe("What the rule watches."),
    severity: z.enum(severities),
    state: z.enum(alertStates).describe("`pending`: the condition holds, but not for long enough yet. `resolved`: it is over."),
    subject: z.string().describe("Of what, e.g. `endpoint openai-eu`."),
    labels: z.record(z.string(), z.string()).describe("The same by name: `endpoint`, `route`, `tenantId`, .."),
    value: z.number().nullable().describe("What the rule compares, where that is a number."),
    summary: z.string(),
    advice: z.string().describe("What to do about it."),
    since: timestamp.describe("When the condition was first seen."),
    firedAt: timestamp.nullable(),
    resolvedAt: timestamp.nullable(),
    mutedUntil: timestamp.nullable().describe("Until then no reminders are sent."),
    url: z.string().nullable().describe("Where the dashboard shows it; null without `publicUrl`."),
    notices: z
      .array(
        z.strictObject({
          channel: name,
          event: z.enum(noticeEvents),
          createdAt: timestamp,
          tries: z.int().nonnegative(),
          sentAt: timestamp.nullable(),
          nextTryAt: timestamp.nullable().describe("Null: it was sent, overtaken or given up."),
          error: z.string().nullable().describe("Why the last try failed."),
        }),
      )
      .describe("What was sent, or is to be; the last fifty."),
  })
  .meta({ id: "Alert", description: "Something that somebody should know of. Every key is always there." })
export type AlertResource = z.infer<typeof alertResource>

/** The query of `GET /v1/alerts`. */
export const listAlertsQuery = z.strictObject({
  ...pageQuery,
  state: z.enum(alertStates).optional().describe("In this state."),
  rule: name.optional().describe("Of the rule of this name."),
  since: moment.optional().describe("That were not over by then."),
})
export type ListAlertsQuery = z.infer<typeof listAlertsQuery>

/** The body of `POST /v1/alerts/{id}/mute`. */
export const muteAlertRequest = z
  .strictObject({ forMs: milliseconds.max(30 * 86_400_000).describe("For so long no reminders are sent; that it is over always is.") })
  .meta({ id: "MuteAlertRequest" })

/** What `POST /v1/alert-channels/{name}/test` answers. */
export const channelTestResource = z
  .strictObject({
    object: z.literal("channel_test"),
    channel: name,
    delivered: z.boolean(),
    error: z.string().nullable().describe("Why not."),
  })
  .meta({ id: "ChannelTest" })
export type ChannelTestResource = z.infer<typeof channelTestResource>
