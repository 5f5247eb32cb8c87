import type { ReactNode } from "react"
import { formatCompact } from "../format/numbers.ts"
import "./meter.css"

export interface MeterProps {
  readonly label: string
  readonly value: number
  /** Null: none is known, so there is nothing to fill. */
  readonly limit: number | null
  readonly hint?: ReactNode
}

const fullFrom = 0.9

/** How much of a limit is used. */
export function Meter({ label, value, limit, hint }: MeterProps) {
  const share = limit === null || limit === 0 ? null : Math.min(1, value / limit)
  return (
    <div className="meter">
      <span className="meter-label">
        <span>{label}</span>
        <span className="nowrap">
          {formatCompact(value)}
          <span className="soft"> {limit === null ? "· no limit known" : `of ${formatCompact(limit)}`}</span>
        </span>
      </span>
      <svg className="meter-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect className="meter-rest" width="100" height="4" />
        {share !== null && <rect className={share >= fullFrom ? "meter-full" : "meter-used"} width={share * 100} height="4" />}
      </svg>
      {hint}
    </div>
  )
}
