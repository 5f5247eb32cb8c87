/** One thing under way that is shown while it lasts. */
export interface ProgressTask {
  readonly title: string
  /** `update` changes what stands there. It must not throw: what went wrong belongs to the result. */
  readonly run: (update: (text: string) => void) => Promise<void>
}

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan"
export type Paint = (style: Style, text: string) => string

/** Where commands read and write. */
export interface Terminal {
  /** Results, for people or for the next program: standard output. */
  out(text: string): void
  /** A part of a result, without a line's end. */
  write(text: string): void
  /** Everything else: standard error. */
  note(text: string): void
  /** How wide results may be; infinite where they go to a file or a program. */
  readonly columns: number
  /** Adds colour where someone sees it. */
  readonly paint: Paint
  /** Someone is there who can answer. */
  readonly isInteractive: boolean
  ask(question: string, signal: AbortSignal): Promise<string>
  /** The same for what nobody is to see: it is not shown while it is typed. */
  askHidden(question: string, signal: AbortSignal): Promise<string>
  /** Something is piped in. */
  readonly hasInput: boolean
  readInput(): Promise<string>
  /** Runs all tasks at the same time and shows how they are, where someone sees it. */
  progress(tasks: readonly ProgressTask[]): Promise<void>
}
