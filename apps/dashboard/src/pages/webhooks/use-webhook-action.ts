import type { Client } from "@sluice/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useApi } from "../../app/api.tsx"
import { useToast } from "../../kit/toast.tsx"

export interface WebhookAction<Input, Result> {
  readonly act: (webhooks: Client["webhooks"], input: Input) => Promise<Result>
  /** What is said when it is done; null: something else shows it. */
  readonly done: ((result: Result) => string) | null
  readonly onSuccess?: (result: Result) => void
}

/** Something that is done to webhooks: what it changed is asked for anew, and what went wrong is said. */
export function useWebhookAction<Input, Result>({ act, done, onSuccess }: WebhookAction<Input, Result>) {
  const { client, tenantId } = useApi()
  const queries = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: (input: Input) => act(client.webhooks, input),
    onSuccess: async (result) => {
      if (done) toast({ tone: "good", text: done(result) })
      onSuccess?.(result)
      await queries.invalidateQueries({ queryKey: [tenantId, "webhooks"] })
    },
    onError: (error) => toast({ tone: "bad", text: error.message }),
  })
}
