import { type DeadLetterCause, type DeadLetterStore, deadLetterIdOfDelivery } from "@sluice/core"
import type { DeadDeliveryContext } from "./dead-delivery-context.ts"
import { type DeadDeliveryView, viewsOf } from "./dead-delivery-views.ts"

interface ReceiverDocument {
  readonly _id: string
  readonly count: number
  readonly oldestAt: Date
  readonly newestAt: Date
  readonly sampleId: string
}

const groupOf = ({ timeField }: DeadDeliveryView) => ({
  _id: "$target",
  count: { $sum: 1 },
  oldestAt: { $min: `$${timeField}` },
  newestAt: { $max: `$${timeField}` },
  sampleId: { $max: "$_id" },
})

/** Groups a tenant's dead deliveries by receiver. */
export function causesOfDeadDeliveries({ toDeliveries, operations }: DeadDeliveryContext): DeadLetterStore["causes"] {
  return ({ filter, limit }) =>
    operations.run("causes of dead deliveries", async () => {
      const found = await Promise.all(
        viewsOf(filter).map((view) =>
          toDeliveries((deliveries) =>
            deliveries.aggregate<ReceiverDocument>([{ $match: view.query }, { $group: groupOf(view) }]).toArray(),
          ),
        ),
      )
      const byReceiver = Map.groupBy(found.flat(), ({ _id }) => _id)
      const causes = [...byReceiver].map(([endpoint, groups]) => causeOf(endpoint, groups))
      return causes.sort((a, b) => b.count - a.count).slice(0, limit)
    })
}

/** The open and the other ones of a receiver together. */
function causeOf(endpoint: string, groups: readonly ReceiverDocument[]): DeadLetterCause {
  const times = groups.flatMap(({ oldestAt, newestAt }) => [oldestAt.getTime(), newestAt.getTime()])
  return {
    kind: "delivery",
    errorType: "delivery_failed",
    route: null,
    endpoint,
    count: groups.reduce((sum, { count }) => sum + count, 0),
    oldestAt: new Date(Math.min(...times)),
    newestAt: new Date(Math.max(...times)),
    sampleId: deadLetterIdOfDelivery({ id: groups[0]?.sampleId ?? "" }),
  }
}
