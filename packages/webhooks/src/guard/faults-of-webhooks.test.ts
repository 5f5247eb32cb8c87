import { expect, test } from "vitest"
import { faultsOfWebhooks } from "./faults-of-webhooks.ts"

test("names the range that can never be allowed", () => {
  expect(faultsOfWebhooks({ webhooks: { allowPrivate: ["10.0.0.0/8", "169.254.169.254/32"] } })).toEqual([
    { path: ["webhooks", "allowPrivate", 1], message: expect.stringContaining("169.254.169.254/32") },
  ])
})
