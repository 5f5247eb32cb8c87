import type { AlertMessage } from "@sluice/core"
import { sampleAlert } from "@sluice/core/testing"
import { expect, test } from "vitest"
import { discordBody } from "./discord-body.ts"
import { slackBody } from "./slack-body.ts"
import { webhookBody } from "./webhook-body.ts"

const message: AlertMessage = {
  ...{ id: "evt_1", event: "firing", at: new Date("2026-01-01T00:05:00.000Z"), url: "https://sluice.example/dashboard/endpoints" },
  alert: sampleAlert({ id: "alt_1", labels: { endpoint: "eu" } }),
}

test("Discord gets an embed that mentions nobody", () => {
  expect(JSON.parse(discordBody(message))).toEqual({
    username: "Sluice",
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: "Firing: breaker_open, endpoint eu",
        description: "The breaker of eu is open.\nLook at the provider.",
        color: 0xf79009,
        timestamp: "2026-01-01T00:05:00.000Z",
        fields: [
          { name: "Severity", value: "ticket", inline: true },
          { name: "Since", value: "2026-01-01T00:00:00.000Z", inline: true },
        ],
        footer: { text: "Sluice alt_1" },
        url: "https://sluice.example/dashboard/endpoints",
      },
    ],
  })
})

test("Slack gets blocks in which nothing is a mention or a link of its own making", () => {
  const alert = { ...message.alert, summary: "<!channel> & <https://evil.example|click>" }
  const { text, blocks } = JSON.parse(slackBody({ ...message, event: "resolved", alert, url: null }))
  expect(text).toBe("Resolved: breaker_open, endpoint eu")
  expect(blocks.map(({ type }: { type: string }) => type)).toEqual(["header", "section", "section"])
  expect(blocks[1].text.text).toBe("It is over. It was: &lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;")
})

test("a webhook has the alert in the form of Sluice's other webhooks", () => {
  expect(JSON.parse(webhookBody(message))).toMatchObject({
    id: "evt_1",
    type: "alert.firing",
    timestamp: "2026-01-01T00:05:00.000Z",
    apiVersion: "1",
    data: { id: "alt_1", object: "alert", rule: "breaker_open", subject: "endpoint eu", labels: { endpoint: "eu" }, resolvedAt: null },
  })
})
