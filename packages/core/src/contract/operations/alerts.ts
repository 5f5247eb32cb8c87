import { z } from "zod"
import {
  type AlertResource,
  alertId,
  alertResource,
  type ChannelTestResource,
  channelTestResource,
  listAlertsQuery,
  muteAlertRequest,
} from "../alert-resource.ts"
import { pageOf } from "../queries.ts"
import { name } from "../scalars.ts"
import { exampleTimes } from "./examples.ts"
import { json, type Operation } from "./operation.ts"

const tag = "operate"

const alert: AlertResource = {
  id: "alt_01993f0ac1d27c4e8b60a1b2c3d4e5f6",
  object: "alert",
  rule: "breaker_open",
  when: "breaker_open",
  severity: "ticket",
  state: "firing",
  subject: "endpoint openai-eu",
  labels: { endpoint: "openai-eu" },
  value: 0.2,
  summary: "The breaker of openai-eu has been open for 6 minutes. 16 of its last 20 calls failed.",
  advice: "Jobs go to other endpoints and tiers, or wait; it is probed and closes by itself.",
  since: exampleTimes.submitted,
  firedAt: exampleTimes.started,
  resolvedAt: null,
  mutedUntil: null,
  url: "https://sluice.example/dashboard/endpoints",
  notices: [
    {
      ...{ channel: "team", event: "firing", createdAt: exampleTimes.started, tries: 1 },
      ...{ sentAt: exampleTimes.finished, nextTryAt: null, error: null },
    },
  ],
}
const test: ChannelTestResource = { object: "channel_test", channel: "team", delivered: true, error: null }

export const alertOperations: readonly Operation[] = [
  {
    id: "listAlerts",
    method: "get",
    path: "/v1/alerts",
    tag,
    summary: "List alerts",
    description: "What fires, what is about to, and what is over; newest first. They are kept for 90 days after they are over.",
    scope: "operate:read",
    query: listAlertsQuery,
    isRevalidated: true,
    answers: { 200: { description: "A page.", content: json(pageOf(alertResource), { page: { data: [alert], nextCursor: null } }) } },
  },
  {
    id: "muteAlert",
    method: "post",
    path: "/v1/alerts/{id}/mute",
    tag,
    summary: "Mute an alert",
    description: "No reminders are sent for so long. That it is over is told all the same. One that is over stays as it is.",
    scope: "operate:write",
    pathParameters: z.strictObject({ id: alertId }),
    body: { content: json(muteAlertRequest, { twoHours: { forMs: 7_200_000 } }) },
    answers: {
      200: {
        description: "The alert as it is now.",
        content: json(alertResource, { muted: { ...alert, mutedUntil: exampleTimes.expires } }),
      },
    },
  },
  {
    id: "testAlertChannel",
    method: "post",
    path: "/v1/alert-channels/{name}/test",
    tag,
    summary: "Try a channel",
    description:
      "Sends one message that says that it is a test, at once and once. The answer says whether the channel took it, and if not why.",
    scope: "operate:write",
    pathParameters: z.strictObject({ name: name.meta({ description: "The channel's name in `alerts.channels`.", examples: ["team"] }) }),
    answers: { 200: { description: "What came of it.", content: json(channelTestResource, { taken: test }) } },
  },
]
