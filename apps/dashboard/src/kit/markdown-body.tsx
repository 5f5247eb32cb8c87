import type { ReactNode } from "react"
import ReactMarkdown, { type Components } from "react-markdown"
import remarkGfm from "remark-gfm"

const plugins = [remarkGfm]

/**
 * HTML in the text stays text. Pictures become links: to load one would tell its host who reads the answer. Headings go below those
 * of the page.
 */
const components: Components = {
  a: ({ href, children }) => <OutsideLink href={href}>{children}</OutsideLink>,
  img: ({ src, alt }) => <OutsideLink href={src}>Image: {alt === undefined || alt === "" ? "without a description" : alt}</OutsideLink>,
  h1: "h3",
  h2: "h4",
  h3: "h5",
  h4: "h6",
  h5: "h6",
}

/** Only its text, where the address was of a kind that is not safe to follow. */
function OutsideLink({ href, children }: { readonly href: unknown; readonly children: ReactNode }) {
  if (typeof href !== "string" || href === "") return children
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  )
}

export function MarkdownBody({ text }: { readonly text: string }) {
  return (
    <ReactMarkdown remarkPlugins={plugins} components={components}>
      {text}
    </ReactMarkdown>
  )
}
