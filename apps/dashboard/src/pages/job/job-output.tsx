import type { ChatOutput, JobResource } from "@sluice/core"
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useApi } from "../../app/api.tsx"
import { JsonView } from "../../kit/json-view.tsx"
import { Markdown } from "../../kit/markdown.tsx"
import { QueryView } from "../../kit/query-view.tsx"
import { EmptyState } from "../../kit/states.tsx"
import { type Tab, Tabs } from "../../kit/tabs.tsx"
import { isChatOutput, isEmbeddingOutput, isImageOutput } from "./input-kinds.ts"
import { StoredImage } from "./stored-image.tsx"
import "../../kit/code.css"
import "./conversation.css"

/** What came out; while it is being written, what there is of it. */
export function JobOutput({ job, liveText }: { readonly job: JobResource; readonly liveText: string }) {
  if (job.outputUrl !== null) return <LargeOutput jobId={job.id} />
  if (job.output !== null) return <Output output={job.output} />
  if (job.finishedAt === null && liveText !== "") return <LiveText text={liveText} />
  return <EmptyState title={job.finishedAt === null ? "Nothing yet" : "There is none"} />
}

/** Readers of screens hear what is added when it pauses. */
export function LiveText({ text }: { readonly text: string }) {
  return (
    <p className="prose live-text" aria-live="polite" data-testid="live-text">
      {text}
      <span className="caret" aria-hidden="true" />
    </p>
  )
}

/** Over 1 MiB the job does not carry it. */
function LargeOutput({ jobId }: { readonly jobId: string }) {
  const { client, tenantId } = useApi()
  const query = useQuery({
    queryKey: [tenantId, "output", jobId],
    queryFn: ({ signal }) => client.jobs.output(jobId, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return <QueryView query={query}>{(output) => <Output output={output} />}</QueryView>
}

type View = "read" | "text" | "json"

function Output({ output }: { readonly output: unknown }) {
  const [view, setView] = useState<View>("read")
  const text = isChatOutput(output) ? output.text : ""
  const tabs: readonly Tab<View>[] = [
    { id: "read", label: isImageOutput(output) ? "Images" : "Readable", content: () => <ReadableOutput output={output} /> },
    ...(text === "" ? [] : [{ id: "text", label: "Text", content: () => <p className="prose long-text">{text}</p> } as const]),
    { id: "json", label: "JSON", content: () => <JsonView value={output} /> },
  ]
  return <Tabs label="Output" current={view} onChoose={setView} tabs={tabs} />
}

function ReadableOutput({ output }: { readonly output: unknown }) {
  if (isChatOutput(output)) return <Answer output={output} />
  if (isImageOutput(output)) {
    return (
      <div className="pictures">
        {output.images.map(({ url }, index) => (
          <StoredImage key={url} path={url} alt={`Image ${index + 1} of the output`} />
        ))}
      </div>
    )
  }
  if (isEmbeddingOutput(output)) {
    const { embeddings, dimensions } = output
    return (
      <p>
        {embeddings.length} {embeddings.length === 1 ? "vector" : "vectors"} of {dimensions} dimensions
      </p>
    )
  }
  return <JsonView value={output} />
}

function Answer({ output: { text, json, toolCalls, finishReason } }: { readonly output: ChatOutput }) {
  return (
    <div className="stack">
      {json !== null && json !== undefined ? <JsonView value={json} /> : text !== "" && <Markdown text={text} />}
      {toolCalls.length > 0 && <JsonView value={toolCalls} />}
      {finishReason === "length" && <p className="small soft">The answer was cut off at its greatest length.</p>}
    </div>
  )
}
