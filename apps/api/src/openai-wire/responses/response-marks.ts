import { isOpenaiResponse, type Job, openaiMarks, reservedPrefix } from "@sluice/core"

/** What a response has to remember beyond what its job knows anyway. It travels in the job's metadata, by which jobs can be found, too. */
export interface ResponseMarks {
  /** What the caller called the model. */
  readonly model: string
  readonly isBackground: boolean
  /** The first message is `instructions`, which the next response of the conversation does not take over. */
  readonly hasInstructions: boolean
  readonly previousResponseId: string | null
}

const keys = {
  model: `${reservedPrefix}model`,
  background: `${reservedPrefix}background`,
  instructions: `${reservedPrefix}instructions`,
  previous: `${reservedPrefix}previous_response_id`,
} as const

export function toMetadata({ model, isBackground, hasInstructions, previousResponseId }: ResponseMarks): Readonly<Record<string, string>> {
  return {
    ...openaiMarks.response,
    [keys.model]: model,
    ...(isBackground && { [keys.background]: "true" }),
    ...(hasInstructions && { [keys.instructions]: "true" }),
    ...(previousResponseId !== null && { [keys.previous]: previousResponseId }),
  }
}

/** Null for a job that is no response. */
export function marksOf(job: Pick<Job, "metadata" | "work">): ResponseMarks | null {
  if (!isOpenaiResponse(job)) return null
  const { metadata } = job
  return {
    model: metadata[keys.model] ?? "",
    isBackground: metadata[keys.background] === "true",
    hasInstructions: metadata[keys.instructions] === "true",
    previousResponseId: metadata[keys.previous] ?? null,
  }
}
