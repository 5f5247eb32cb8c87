import type { JobResource } from "@sluice/core"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useApi } from "../../app/api.tsx"
import { useSession } from "../../app/session.ts"
import { Button } from "../../kit/button.tsx"
import { CopyButton } from "../../kit/copy-button.tsx"
import { ConfirmDialog } from "../../kit/dialog.tsx"
import { useToast } from "../../kit/toast.tsx"
import { curlOf } from "../../words/curl.ts"
import { jobQuery } from "./job-query.ts"

/** What can be done with a job as it is: cancel it while it lives, replay it when it failed, submit the same again from elsewhere. */
export function JobActions({ job }: { readonly job: JobResource }) {
  const session = useSession()
  const { id, route, input, metadata, finishedAt, deadLetterId } = job
  return (
    <>
      {input !== undefined && (
        <CopyButton
          isLabelled
          label="Copy as curl"
          text={curlOf(location.origin, { route, input, ...(Object.keys(metadata).length > 0 && { metadata }) })}
        />
      )}
      {finishedAt === null && session.can("jobs:write") && <CancelButton jobId={id} />}
      {deadLetterId !== null && session.can("dead-letters:write") && <ReplayButton jobId={id} deadLetterId={deadLetterId} />}
    </>
  )
}

function CancelButton({ jobId }: { readonly jobId: string }) {
  const api = useApi()
  const change = useJobChange(jobId, () => api.client.jobs.cancel(jobId), "The job is cancelled.")
  const [isAsked, setAsked] = useState(false)
  return (
    <>
      <Button tone="danger" onClick={() => setAsked(true)}>
        Cancel
      </Button>
      {isAsked && (
        <ConfirmDialog
          title="Cancel this job?"
          verb="Cancel the job"
          isDangerous
          isBusy={change.isPending}
          onConfirm={() => change.mutate(undefined, { onSettled: () => setAsked(false) })}
          onClose={() => setAsked(false)}
        >
          A call that is under way is ended, and what it has written so far is lost. It may cost something all the same.
        </ConfirmDialog>
      )}
    </>
  )
}

function ReplayButton({ jobId, deadLetterId }: { readonly jobId: string; readonly deadLetterId: string }) {
  const api = useApi()
  const replay = () => api.client.deadLetters.replay({ ids: [deadLetterId] })
  const change = useJobChange(jobId, replay, "The job is replayed: its next run begins shortly.")
  return (
    <Button tone="primary" isBusy={change.isPending} onClick={() => change.mutate()}>
      Replay
    </Button>
  )
}

const startsWithinMs = 1_500

/** Does something to the job, says that it is done or why not, and reads the job anew; a replay is started by a worker, a little later. */
function useJobChange(jobId: string, act: () => Promise<unknown>, done: string) {
  const api = useApi()
  const queries = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: act,
    onSuccess: async () => {
      toast({ tone: "good", text: done })
      const { queryKey } = jobQuery(api, jobId)
      await queries.invalidateQueries({ queryKey })
      setTimeout(() => void queries.invalidateQueries({ queryKey }), startsWithinMs)
    },
    onError: (error) => toast({ tone: "bad", text: error.message }),
  })
}
