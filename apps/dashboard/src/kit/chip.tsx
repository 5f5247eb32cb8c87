import type { ReactNode } from "react"
import { Icon, type IconName } from "./icon.tsx"
import "./chip.css"

export type Tone = "good" | "bad" | "warn" | "accent" | "quiet"

export interface ChipProps {
  readonly tone: Tone
  /** The shape that says the same as the colour, for who does not see colours. */
  readonly icon?: IconName
  readonly title?: string | undefined
  readonly children: ReactNode
}

/** A word with a colour and a shape. */
export function Chip({ tone, icon, title, children }: ChipProps) {
  return (
    <span className={`chip chip-${tone}`} title={title}>
      {icon && <Icon name={icon} size={12} />}
      {children}
    </span>
  )
}
