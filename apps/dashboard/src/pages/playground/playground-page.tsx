import type { SubmitRequest } from "@sluice/core"
import { useMutation, useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useApi } from "../../app/api.tsx"
import { routesQuery } from "../../app/routes-query.ts"
import { useSession } from "../../app/session.ts"
import { CodeView } from "../../kit/json-view.tsx"
import { Page, Panel } from "../../kit/page.tsx"
import { EmptyState, ErrorState } from "../../kit/states.tsx"
import { Tabs } from "../../kit/tabs.tsx"
import { curlOf, sdkOf } from "../../words/curl.ts"
import { FollowedJob } from "./followed-job.tsx"
import { PlaygroundInputs } from "./playground-inputs.tsx"
import { emptyForm, submissionOf } from "./submission-of.ts"
import "./playground-page.css"

/** Submits one job and shows what becomes of it as it happens; and how a program would do the same. */
export function PlaygroundPage() {
  const { client, tenantId } = useApi()
  const { data: routes } = useQuery(routesQuery(useApi(), useSession()))
  const [chosen, setForm] = useState(emptyForm)
  const form = { ...chosen, route: chosen.route || (routes?.[0]?.name ?? "") }
  const kind = routes?.find(({ name }) => name === form.route)?.kind ?? "chat"
  const { request, error } = submissionOf(form, kind)
  const submit = useMutation({ mutationFn: (job: SubmitRequest) => client.jobs.submit(job) })
  return (
    <Page title="Playground">
      <div className="playground">
        <Panel title="Job">
          <PlaygroundInputs
            form={form}
            kind={kind}
            missing={error}
            isBusy={submit.isPending}
            onChange={setForm}
            onSubmit={() => request && submit.mutate(request)}
          />
        </Panel>
        <Panel title="What becomes of it" isFlush>
          {submit.error && <ErrorState error={submit.error} />}
          {submit.data && !submit.error && <FollowedJob key={`${tenantId} ${submit.data.id}`} jobId={submit.data.id} />}
          {submit.isIdle && <EmptyState title="Nothing submitted yet">Its states and its text appear here as they come.</EmptyState>}
        </Panel>
      </div>
      {request && (
        <Panel title="The same by a program" isFlush>
          <ProgramTabs request={request} />
        </Panel>
      )}
    </Page>
  )
}

function ProgramTabs({ request }: { readonly request: SubmitRequest }) {
  const [view, setView] = useState<"curl" | "sdk">("curl")
  const { origin } = location
  return (
    <Tabs
      label="The same by a program"
      current={view}
      onChoose={setView}
      tabs={[
        { id: "curl", label: "curl", content: () => <CodeView text={curlOf(origin, request)} label="Copy the command" /> },
        { id: "sdk", label: "TypeScript", content: () => <CodeView text={sdkOf(origin, request)} label="Copy the program" /> },
      ]}
    />
  )
}
