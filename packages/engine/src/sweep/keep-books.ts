import type { StepContext } from "./sweep-dependencies.ts"

const hourMs = 3_600_000
/** What serves to draw the last day and the last week, and to judge the last 30 days of all tenants together, is kept a little longer. */
const bucketRetentionMs = {
  minute: { tenants: 26 * hourMs, all: 26 * hourMs },
  hour: { tenants: 8 * 24 * hourMs, all: 32 * 24 * hourMs },
} as const

/** Accounts what jobs have used since the last look. */
export async function keepBooks({ accountUsage, stillLeading }: StepContext): Promise<void> {
  await accountUsage({ mayGoOn: stillLeading })
}

/** Removes rows that are too old to be drawn. The days stay. */
export async function retireBuckets({ usageReports, clock }: StepContext): Promise<void> {
  for (const grain of ["minute", "hour"] as const) {
    // Not named `of`, which Node cannot strip of its types here.
    for (const owner of ["tenants", "all"] as const) {
      await usageReports.removeBuckets({ grain, of: owner, before: new Date(clock().getTime() - bucketRetentionMs[grain][owner]) })
    }
  }
}
