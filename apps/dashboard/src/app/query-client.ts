import { SluiceError } from "@sluice/client"
import { QueryClient } from "@tanstack/react-query"

/** How often what is shown is asked for again, while someone looks at it. */
export const refreshEveryMs = 10_000

/** The client tries again by itself what may be; a refusal stays one. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        gcTime: 300_000,
        retry: (failures, error) => failures < 1 && !(error instanceof SluiceError),
        refetchIntervalInBackground: false,
      },
    },
  })
}
