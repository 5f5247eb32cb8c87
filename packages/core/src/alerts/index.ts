export {
  type AlertChannelConfig,
  type AlertKind,
  type AlertRuleConfig,
  type AlertsConfig,
  alertChannel,
  alertRule,
  type Severity,
  severities,
} from "../configuration/alerts.ts"
export type { AlertMessage, AlertSender } from "../ports/alert-sender.ts"
export type { AlertFilter, AlertStore } from "../ports/alert-store.ts"
export {
  type Alert,
  type AlertState,
  alertKeyOf,
  alertStates,
  type Finding,
  type Notice,
  type NoticeEvent,
  noticeDueAt,
  noticeEvents,
} from "./alert.ts"
export { type AlertRule, alertRulesOf } from "./alert-rule.ts"
export { beginTry, endTry, type NoticeResult } from "./notice.ts"
export { type AlertChange, type Observation, observeAlert } from "./observe-alert.ts"
export { presentAlert, urlOfAlert } from "./present-alert.ts"
