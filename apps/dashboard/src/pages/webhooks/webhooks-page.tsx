import { useQuery } from "@tanstack/react-query"
import { getRouteApi, useNavigate } from "@tanstack/react-router"
import { useCallback, useState } from "react"
import { useApi } from "../../app/api.tsx"
import { useSession } from "../../app/session.ts"
import { Button } from "../../kit/button.tsx"
import { Page, Panel } from "../../kit/page.tsx"
import { QueryView } from "../../kit/query-view.tsx"
import { EmptyState } from "../../kit/states.tsx"
import { CreateDialog } from "./create-dialog.tsx"
import { DefaultSecretPanel } from "./default-secret-panel.tsx"
import { DeliveryDialog } from "./delivery-dialog.tsx"
import { EndpointPanel } from "./endpoint-panel.tsx"
import { EndpointsTable } from "./endpoints-table.tsx"
import { SecretDialog } from "./secret-dialog.tsx"
import { webhookEndpointsQuery } from "./webhooks-query.ts"
import { statusOf, type WebhooksSearch } from "./webhooks-search.ts"
import "./webhooks-page.css"

const route = getRouteApi("/webhooks")

/** Who is told of what happens, and what became of each message. */
export function WebhooksPage() {
  const search = route.useSearch()
  const endpoints = useQuery(webhookEndpointsQuery(useApi()))
  const change = useChange()
  const show = useCallback((delivery: string) => change({ delivery }), [change])
  const chosen = endpoints.data?.find(({ id }) => id === search.endpoint)
  return (
    <Page title="Webhooks" actions={<Registration onRegistered={(endpoint) => change({ endpoint })} />}>
      <Panel title="Endpoints" isFlush>
        <QueryView query={endpoints}>
          {(data) =>
            data.length === 0 ? (
              <EmptyState title="No webhook endpoints">
                Register one to be told of the ends of jobs. Jobs can also bring a webhook of their own.
              </EmptyState>
            ) : (
              <EndpointsTable
                endpoints={data}
                chosen={search.endpoint}
                onChoose={(endpoint) => change({ endpoint, status: undefined, delivery: undefined })}
              />
            )
          }
        </QueryView>
      </Panel>
      {chosen && (
        <EndpointPanel
          endpoint={chosen}
          status={statusOf(search)}
          onStatus={(status) => change({ status })}
          onShow={show}
          onRemoved={() => change({ endpoint: undefined })}
        />
      )}
      <DefaultSecretPanel />
      {chosen && search.delivery !== undefined && (
        <DeliveryDialog endpointId={chosen.id} id={search.delivery} onClose={() => change({ delivery: undefined })} />
      )}
    </Page>
  )
}

function useChange() {
  const navigate = useNavigate({ from: "/webhooks" })
  return useCallback(
    (changes: { readonly [Name in keyof WebhooksSearch]: string | undefined }) =>
      void navigate({ search: (old) => ({ ...old, ...changes }), replace: true }),
    [navigate],
  )
}

function Registration({ onRegistered }: { readonly onRegistered: (id: string) => void }) {
  const [isOpen, setOpen] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  if (!useSession().can("webhooks:write")) return null
  return (
    <>
      <Button tone="primary" onClick={() => setOpen(true)}>
        Register an endpoint
      </Button>
      {isOpen && (
        <CreateDialog
          onClose={() => setOpen(false)}
          onCreated={(created) => {
            setOpen(false)
            setSecret(created.secret ?? null)
            onRegistered(created.id)
          }}
        />
      )}
      {secret !== null && <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
    </>
  )
}
