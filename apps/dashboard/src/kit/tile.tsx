import type { ReactNode } from "react"
import "./tile.css"

export interface TileProps {
  readonly label: string
  readonly value: ReactNode
  /** What puts the figure into proportion. */
  readonly detail?: ReactNode
  readonly tone?: "plain" | "good" | "warn" | "bad"
  readonly children?: ReactNode
}

/** One figure, large. */
export function Tile({ label, value, detail, tone = "plain", children }: TileProps) {
  return (
    <li className="tile">
      <p className="small soft">{label}</p>
      <p className={`tile-value tile-${tone}`}>{value}</p>
      <p className="small soft cut">{detail ?? "\u00a0"}</p>
      {children}
    </li>
  )
}

export function Tiles({ children }: { readonly children: ReactNode }) {
  return <ul className="tiles">{children}</ul>
}
