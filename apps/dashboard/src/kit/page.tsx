import { type ReactNode, useEffect } from "react"
import "./page.css"

export interface PageProps {
  readonly title: string
  /** Beside the title, e.g. what one can do here. */
  readonly actions?: ReactNode
  /** Above the title, e.g. the way back. */
  readonly above?: ReactNode
  /** In place of the title as it is read, e.g. with an id in it. */
  readonly heading?: ReactNode
  readonly children: ReactNode
}

/** A page with its title, which is also that of the window. */
export function Page({ title, actions, above, heading = title, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Sluice`
  }, [title])
  return (
    <>
      {above}
      <div className="page-head">
        <h1>{heading}</h1>
        {actions && <div className="row">{actions}</div>}
      </div>
      <div className="stack">{children}</div>
    </>
  )
}

export interface PanelProps {
  readonly title?: ReactNode
  readonly actions?: ReactNode
  /** The content reaches the edges, as tables do. */
  readonly isFlush?: boolean
  readonly children: ReactNode
}

export function Panel({ title, actions, isFlush = false, children }: PanelProps) {
  return (
    <section className="panel">
      {(title !== undefined || actions !== undefined) && (
        <div className="panel-head">
          <h2>{title}</h2>
          {actions && <div className="row">{actions}</div>}
        </div>
      )}
      <div className={isFlush ? "panel-flush" : "panel-body"}>{children}</div>
    </section>
  )
}

export interface Fact {
  readonly label: string
  readonly value: ReactNode
}

/** What is known of one thing, name by name. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
