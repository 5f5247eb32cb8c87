import { Link } from "@tanstack/react-router"
import { Page, Panel } from "../kit/page.tsx"
import { EmptyState } from "../kit/states.tsx"

export function NotFoundPage() {
  return (
    <Page title="Nothing here">
      <Panel>
        <EmptyState title="The dashboard has no page at this address.">
          Check it for typing errors, or go to <Link to="/jobs">the jobs</Link>.
        </EmptyState>
      </Panel>
    </Page>
  )
}
