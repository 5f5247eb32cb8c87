import { webhookEvent } from "@sluice/core"
import { z } from "zod"
import type { ZodOpenApiPathsObject } from "zod-openapi"

const signed = z.object({
  "webhook-id": z
    .string()
    .meta({ description: "The event's id, the same at each try.", examples: ["evt_01993f0d52b87d1c9a40b1c2d3e4f506"] }),
  "webhook-timestamp": z
    .string()
    .meta({ description: "Unix time in seconds. Refuse what is older than five minutes.", examples: ["1795197611"] }),
  "webhook-signature": z.string().meta({
    description:
      "`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body` (Standard Webhooks); several, with spaces between, while a secret is replaced.",
    examples: ["v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="],
  }),
})

/** What receivers get. */
export const webhooks: ZodOpenApiPathsObject = {
  event: {
    post: {
      operationId: "receiveEvent",
      tags: ["webhooks"],
      summary: "An event",
      description: "Any 2xx takes it. 410 disables the endpoint; anything else, and silence, is tried again on a schedule that spans days.",
      security: [],
      requestParams: { header: signed },
      requestBody: {
        required: true,
        content: {
          "application/json": {
            schema: webhookEvent,
            examples: {
              succeeded: {
                value: {
                  id: "evt_01993f0d52b87d1c9a40b1c2d3e4f506",
                  type: "job.succeeded",
                  timestamp: "2026-11-20T18:00:02.200Z",
                  apiVersion: "1",
                  data: { id: "job_01993f0ac1d27c4e8b60a1b2c3d4e5f6", object: "job", status: "succeeded", run: 1 },
                },
              },
            },
          },
        },
      },
      responses: { "2XX": { description: "Taken. The body is not read." }, 410: { description: "Gone: send no more." } },
    },
  },
}
