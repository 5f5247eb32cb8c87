import type { ChatInput, ChatMessage, JobResource } from "@sluice/core"
import { useState } from "react"
import { JsonView } from "../../kit/json-view.tsx"
import { EmptyState } from "../../kit/states.tsx"
import { Tabs } from "../../kit/tabs.tsx"
import { isChatInput, isEmbeddingInput, isImageInput } from "./input-kinds.ts"
import "../../kit/code.css"
import "./conversation.css"

/** What was asked, as people read it, and as it was sent. */
export function JobInput({ job: { input } }: { readonly job: JobResource }) {
  const [view, setView] = useState<"read" | "json">("read")
  if (input === undefined) return <EmptyState title="The input is not there any more" />
  return (
    <Tabs
      label="Input"
      current={view}
      onChoose={setView}
      tabs={[
        { id: "read", label: "Readable", content: () => <ReadableInput input={input} /> },
        { id: "json", label: "JSON", content: () => <JsonView value={input} /> },
      ]}
    />
  )
}

function ReadableInput({ input }: { readonly input: unknown }) {
  if (isChatInput(input)) return <Conversation input={input} />
  if (isEmbeddingInput(input)) {
    return (
      <ol className="texts">
        {input.texts.map((text, index) => (
          <li key={index}>{text}</li>
        ))}
      </ol>
    )
  }
  if (isImageInput(input)) return <p className="prose">{input.prompt}</p>
  return <JsonView value={input} />
}

function Conversation({ input: { messages } }: { readonly input: ChatInput }) {
  return (
    <ol className="conversation">
      {messages.map((message, index) => (
        <li key={index}>
          <h3>{message.role}</h3>
          <Content message={message} />
        </li>
      ))}
    </ol>
  )
}

function Content({ message }: { readonly message: ChatMessage }) {
  const { content } = message
  const toolCalls = "toolCalls" in message ? (message.toolCalls ?? []) : []
  return (
    <>
      {typeof content === "string" && <p className="prose">{content}</p>}
      {Array.isArray(content) &&
        content.map((part, index) =>
          part.type === "text" ? (
            <p key={index} className="prose">
              {part.text}
            </p>
          ) : (
            <InputImage key={index} url={part.url} />
          ),
        )}
      {toolCalls.length > 0 && <JsonView value={toolCalls} />}
    </>
  )
}

/** An image at another host is not loaded: that would tell the host who looks. */
function InputImage({ url }: { readonly url: string }) {
  if (url.startsWith("data:")) return <img className="picture" src={url} alt="Part of the input" />
  return (
    <p>
      Image:{" "}
      <a href={url} rel="noreferrer" target="_blank">
        {url}
      </a>
    </p>
  )
}
