import { z } from "zod"
import { timestamp } from "./scalars.ts"

/** The body of `POST /dashboard/session`. */
export const createDashboardSessionRequest = z.strictObject({ key: z.string().min(1).max(512).describe("An API key.") })
export type CreateDashboardSessionRequest = z.infer<typeof createDashboardSessionRequest>

export const dashboardSessionResource = z.strictObject({
  object: z.literal("dashboard_session"),
  actor: z.string().describe("The id of the key, or `admin`."),
  tenantId: z.string().describe("Of the key. One with `tenants:admin` may act for others, by `x-sluice-tenant`."),
  scopes: z.array(z.string()).describe("As the key was given them, wildcards included."),
  expiresAt: timestamp.describe("When the browser has to sign in again: 12 hours after it did, or when the key ends."),
})
export type DashboardSessionResource = z.infer<typeof dashboardSessionResource>
