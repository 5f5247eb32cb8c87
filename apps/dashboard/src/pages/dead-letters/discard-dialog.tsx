import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useApi } from "../../app/api.tsx"
import { formatCount } from "../../format/numbers.ts"
import { Button } from "../../kit/button.tsx"
import { Dialog } from "../../kit/dialog.tsx"
import { TextField } from "../../kit/field.tsx"
import { useToast } from "../../kit/toast.tsx"
import type { Group } from "./dead-letters-search.ts"
import { whereOf } from "./groups-table.tsx"

/** Closes the open ones of a group for good, with the reason. */
export function DiscardDialog({ group, onClose }: { readonly group: Group; readonly onClose: () => void }) {
  const [reason, setReason] = useState("")
  const { client, tenantId } = useApi()
  const queries = useQueryClient()
  const toast = useToast()
  const discard = useMutation({
    mutationFn: () => client.deadLetters.discard({ filter: group.filter, reason: reason.trim() }),
    onSuccess: async ({ discarded }) => {
      toast({ tone: "good", text: `${formatCount(discarded)} were discarded.` })
      onClose()
      await queries.invalidateQueries({ queryKey: [tenantId, "dead-letters"] })
    },
    onError: (error) => toast({ tone: "bad", text: error.message }),
  })
  return (
    <Dialog
      title="Discard"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button tone="danger" isBusy={discard.isPending} disabled={reason.trim() === ""} onClick={() => discard.mutate()}>
            Discard {formatCount(group.count)}
          </Button>
        </>
      }
    >
      <p>
        <strong>{group.errorType}</strong> · {whereOf(group)}
      </p>
      <p>They cannot be replayed any more. They stay readable until they are removed with their jobs.</p>
      <TextField label="Reason" value={reason} onChange={setReason} isRequired hint="It is kept with each, and in the audit log." />
    </Dialog>
  )
}
