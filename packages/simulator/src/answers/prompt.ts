/** What an answer is made from, in no provider's words. */
export interface Prompt {
  /** The text of the last thing that the user said. */
  readonly lastUserText: string
  /** Everything that was said, for the content filter. */
  readonly allText: string
  readonly tokens: number
  /** The last message is what a tool returned. */
  readonly answersToolResult: boolean
}
