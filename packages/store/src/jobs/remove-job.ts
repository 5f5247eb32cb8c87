import type { JobStore, RemovalObstacle } from "@sluice/core"
import type { Filter } from "mongodb"
import type { DeliveryDocument } from "../deliveries/delivery-document.ts"
import type { JobContext } from "./job-context.ts"
import { knownVersion, unfinished } from "./job-document.ts"

type Ref = Parameters<JobStore["remove"]>[0]

/** Pending, or given up without anybody having dealt with that: `failedAt` stays until then. */
export const openDelivery: Filter<DeliveryDocument> = { $or: [{ status: "pending" }, { status: "failed", failedAt: { $exists: true } }] }

export function findRemovalObstacle(context: JobContext): JobStore["findRemovalObstacle"] {
  return (ref) => context.operations.run(`look at ${ref.id} before its removal`, () => obstacleTo(context, ref))
}

/**
 * Removes a job after its deliveries, by one conditional command each. Repeated after an unknown outcome it finds nothing, which
 * is as true.
 */
export function removeJob(context: JobContext): JobStore["remove"] {
  const { toJobs, toDeliveries, operations } = context
  return (ref) =>
    operations.run(`removal of ${ref.id}`, async () => {
      const obstacle = await obstacleTo(context, ref)
      if (obstacle) return obstacle
      const { id: _id, tenantId } = ref
      await toDeliveries((deliveries) => deliveries.deleteMany({ tenantId, jobId: _id, $nor: [openDelivery] }))
      const { deletedCount } = await toJobs((jobs) => jobs.deleteOne({ _id, tenantId, ...removable, ...accounted, ...knownVersion }))
      return deletedCount === 1 ? "removed" : ((await obstacleTo(context, ref)) ?? "unfinished")
    })
}

/** As `removalObstacleOf` in core judges. */
export const removable = {
  status: { $nin: unfinished },
  "deadLetter.state": { $ne: "open" },
  "events.fannedOut": { $ne: false },
} as const

/** Not among the above: what has not been accounted yet is by the next look. */
const accounted = { accountDueAt: { $exists: false } } as const

async function obstacleTo({ toJobs, toDeliveries }: JobContext, { id: _id, tenantId }: Ref): Promise<RemovalObstacle | "missing" | null> {
  const projection = { status: 1, "deadLetter.state": 1, "events.fannedOut": 1, accountDueAt: 1 }
  const job = await toJobs((jobs) => jobs.findOne({ _id, tenantId }, { projection }))
  if (job === null) return "missing"
  if (unfinished.includes(job.status)) return "unfinished"
  if (job.deadLetter?.state === "open") return "dead_letter_open"
  if (job.events.some(({ fannedOut }) => !fannedOut)) return "untold"
  const open = { tenantId, jobId: _id, ...openDelivery }
  const delivery = await toDeliveries((deliveries) => deliveries.findOne(open, { projection: { status: 1 }, sort: { status: -1 } }))
  if (delivery === null) return job.accountDueAt ? "unaccounted" : null
  return delivery.status === "pending" ? "delivery_pending" : "delivery_given_up"
}
