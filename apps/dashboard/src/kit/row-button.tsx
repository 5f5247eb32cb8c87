import type { ReactNode } from "react"
import "./row-button.css"

export interface RowButtonProps {
  /** The thing itself. */
  readonly title: ReactNode
  /** Lines below it. */
  readonly children?: ReactNode
  /** Whether it is the one that is looked into. Left out: it opens something else. */
  readonly isChosen?: boolean
  readonly onClick: () => void
}

/** The main cell of a row that can be looked into. */
export function RowButton({ title, children, isChosen, onClick }: RowButtonProps) {
  return (
    <button type="button" className="row-button" aria-pressed={isChosen} onClick={onClick}>
      <span className="row-button-title">{title}</span>
      {children}
    </button>
  )
}
