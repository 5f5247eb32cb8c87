import { SluiceError } from "@sluice/client"
import type { ReactNode } from "react"
import { Button } from "./button.tsx"
import { Icon } from "./icon.tsx"
import "./states.css"

export function Loading({ what = "Loading" }: { readonly what?: string }) {
  return (
    <div className="state" role="status">
      <span className="spinner" aria-hidden="true" />
      <p className="soft">{what} …</p>
    </div>
  )
}

export interface EmptyStateProps {
  readonly title: string
  /** What to do so that there is something. */
  readonly children?: ReactNode
}

export function EmptyState({ title, children }: EmptyStateProps) {
  return (
    <div className="state">
      <p className="state-title">{title}</p>
      <div className="soft">{children}</div>
    </div>
  )
}

export interface ErrorStateProps {
  readonly error: Error
  readonly onRetry?: (() => unknown) | undefined
}

/** What went wrong, in the API's own words, and the id under which its logs have it. */
export function ErrorState({ error, onRetry }: ErrorStateProps) {
  const problem = error instanceof SluiceError ? error : null
  return (
    <div className="state state-error" role="alert">
      <p className="state-title">
        <Icon name="warning" /> {problem?.title ?? "This did not work"}
      </p>
      <p>{problem?.detail ?? error.message}</p>
      {problem?.errors.map(({ pointer, detail }) => (
        <p key={pointer} className="small">
          <code>{pointer}</code> {detail}
        </p>
      ))}
      {problem && <p className="small soft">Request {problem.requestId}</p>}
      {onRetry && <Button onClick={() => void onRetry()}>Try again</Button>}
    </div>
  )
}
