import type { LogLevel, LogLevelOrder, ProcessKind } from "@sluice/core"
import type { Logger } from "./create-logger.ts"

export interface LevelSwitchOptions {
  readonly logger: Pick<Logger, "level" | "warn">
  readonly configured: LogLevel
  /** Of this process. */
  readonly kind: ProcessKind
  readonly now?: () => number
}

/** Changes what is logged while the process runs, for a time. */
export interface LevelSwitch {
  readonly configured: LogLevel
  current(): LogLevel
  /** Does as an operator has ordered for all processes; null: nothing is ordered. To be told again and again: it is how orders run out. */
  heed(order: LogLevelOrder | null): void
  /** For this process alone: `debug` for a quarter of an hour, or back if it logs that already. */
  toggle(): void
}

const toggledMs = 900_000

type Override = Pick<LogLevelOrder, "level" | "until" | "by">

/** The later word of the two counts: an order from afar, or a signal to this process. Both run out by this process's own clock. */
export function createLevelSwitch({ logger, configured, kind, now = Date.now }: LevelSwitchOptions): LevelSwitch {
  let ordered: LogLevelOrder | null = null
  let override: Override | null = null

  function apply(next: Override | null): void {
    override = next
    const level = next?.level ?? configured
    if (logger.level === level) return
    const by = next ? { by: next.by, until: next.until } : {}
    // Told before and after, so that it is in the log whichever of the two levels lets it through.
    logger.warn({ level, ...by }, next ? "another level of the log holds for a while" : "the log is back at its configured level")
    logger.level = level
  }

  const isOver = (one: Override) => one.until.getTime() <= now()
  const isSame = (a: LogLevelOrder | null, b: LogLevelOrder | null) =>
    a?.level === b?.level && a?.until.getTime() === b?.until.getTime() && a?.by === b?.by

  return {
    configured,
    current: () => override?.level ?? configured,
    heed(order) {
      const mine = order && (order.of === null || order.of === kind) && !isOver(order) ? order : null
      if (!isSame(mine, ordered)) {
        ordered = mine
        apply(mine)
      } else if (override && isOver(override)) apply(ordered && !isOver(ordered) ? ordered : null)
    },
    toggle() {
      const isLoud = override?.level === "debug" && !isOver(override)
      apply(isLoud ? null : { level: "debug", until: new Date(now() + toggledMs), by: "a signal" })
    },
  }
}
