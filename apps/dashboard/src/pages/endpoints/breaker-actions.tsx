import type { EndpointResource } from "@sluice/core"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useApi } from "../../app/api.tsx"
import { Button } from "../../kit/button.tsx"
import { ConfirmDialog } from "../../kit/dialog.tsx"
import { useToast } from "../../kit/toast.tsx"

type Word = "open" | "closed" | "auto"

const words: Readonly<Record<Word, { readonly verb: string; readonly done: string; readonly means: string }>> = {
  open: {
    verb: "Hold open",
    done: "is held open",
    means: "No call goes there until you give it back. Its jobs go to the other endpoints of their tier, or wait.",
  },
  closed: {
    verb: "Hold closed",
    done: "is held closed",
    means: "Calls go there whatever becomes of them, until you give it back. Use it when you know that the provider is well again.",
  },
  auto: {
    verb: "Give back",
    done: "decides by itself again",
    means: "The breaker decides by itself again. One that is open lets probes through at once.",
  },
}

/** An operator's hand on a breaker. */
export function BreakerActions({ endpoint: { name, breaker } }: { readonly endpoint: EndpointResource }) {
  const [asked, setAsked] = useState<Word | null>(null)
  const force = useForce(name, () => setAsked(null))
  const choices: readonly Word[] = breaker.forced === null ? ["open", "closed"] : ["auto", breaker.forced === "open" ? "closed" : "open"]
  return (
    <>
      {choices.map((word) => (
        <Button key={word} onClick={() => setAsked(word)} aria-label={`${words[word].verb}: ${name}`}>
          {words[word].verb}
        </Button>
      ))}
      {asked !== null && (
        <ConfirmDialog
          title={`${words[asked].verb}: ${name}`}
          verb={words[asked].verb}
          isDangerous={asked === "open"}
          isBusy={force.isPending}
          onClose={() => setAsked(null)}
          onConfirm={() => force.mutate(asked)}
        >
          <p>{words[asked].means}</p>
          <p className="small soft">It holds for all workers and tenants, and is written to the audit log with your key.</p>
        </ConfirmDialog>
      )}
    </>
  )
}

function useForce(name: string, onSettled: () => void) {
  const { client, tenantId } = useApi()
  const queries = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: (word: Word) => client.endpoints.force(name, word),
    onSuccess: async (_endpoint, word) => {
      toast({ tone: "good", text: `${name} ${words[word].done}.` })
      await queries.invalidateQueries({ queryKey: [tenantId, "endpoints"] })
      await queries.invalidateQueries({ queryKey: [tenantId, "audit"] })
    },
    onError: (error) => toast({ tone: "bad", text: error.message }),
    onSettled,
  })
}
