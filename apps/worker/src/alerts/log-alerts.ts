import type { AlertMessage } from "@sluice/core"
import type { AlertObserver } from "@sluice/engine"
import type { Logger } from "@sluice/runtime"

/** What becomes of alerts, and of telling people. */
export function logAlerts(logger: Logger): AlertObserver {
  return {
    changed({ id, rule, subject, severity, state, summary }) {
      logger.info({ alertId: id, rule, subject, severity, state }, state === "resolved" ? `alert is over: ${summary}` : `alert: ${summary}`)
    },
    ruleFailed({ rule, error }) {
      logger.warn({ rule, err: error }, "it could not be told whether an alert's rule holds; its alerts stay as they are")
    },
    notSent({ channel, alertId, error, nextTryAt }) {
      const what = nextTryAt === null ? "an alert was not taken by its channel, and is given up" : "an alert was not taken by its channel"
      logger.warn({ channel, alertId, error, nextTryAt }, what)
    },
  }
}

/** The line of a channel of type `stdout`. */
export function logMessage(logger: Logger): (message: AlertMessage) => void {
  return ({ event, alert, url }) => {
    const { id, rule, subject, severity, labels, value, advice } = alert
    const line = { alert: true, event, alertId: id, rule, subject, severity, labels, value, advice, url }
    if (event === "firing" && severity === "page") logger.error(line, alert.summary)
    else if (event === "firing" || event === "reminder") logger.warn(line, alert.summary)
    else logger.info(line, alert.summary)
  }
}
