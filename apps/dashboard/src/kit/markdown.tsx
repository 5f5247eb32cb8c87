import { lazy, Suspense } from "react"
import "./markdown.css"

const MarkdownBody = lazy(async () => ({ default: (await import("./markdown-body.tsx")).MarkdownBody }))

/** What a model wrote, as it meant it to look. Its reader is loaded when the first such text is shown; until then it is plain. */
export function Markdown({ text }: { readonly text: string }) {
  return (
    <div className="markdown long-text">
      <Suspense fallback={<p className="prose">{text}</p>}>
        <MarkdownBody text={text} />
      </Suspense>
    </div>
  )
}
