import type { Delivery } from "@sluice/core"
import type { DeliveryObserver } from "@sluice/engine"
import type { Logger } from "@sluice/runtime"
import { originFields } from "./job-fields.ts"

/** One structured line for each try and each end of a delivery, with nothing of its body or secret. */
export function logDeliveries(logger: Logger): DeliveryObserver {
  return {
    tried({ delivery, made, nextAttemptAt }) {
      const { responseBody: _body, ...told } = made
      const line = { ...fieldsOf(delivery), eventType: delivery.eventType, ...told, nextAttemptAt }
      if (made.error === null) logger.debug(line, "webhook delivered")
      else logger.info(line, "webhook not taken")
    },
    failed({ delivery, error }) {
      const { target, tryCount } = delivery
      logger.warn({ ...fieldsOf(delivery), target, tryCount, error }, "webhook given up")
    },
    endpointDisabled({ endpoint, reason, failingSince }) {
      const line = { alert: true, endpointId: endpoint.id, tenantId: endpoint.tenantId, reason, failingSince }
      logger.error(line, "webhook endpoint disabled: it gets nothing until somebody enables it")
    },
    troubled(error) {
      logger.error({ err: error }, "webhooks could not be delivered; it is tried again")
    },
  }
}

function fieldsOf({ id, tenantId, jobId, route, ...origin }: Delivery) {
  return { deliveryId: id, tenantId, jobId, route, ...originFields(origin) }
}
