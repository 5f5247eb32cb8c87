import type { Document } from "bson"
import { rawFields, stringValue } from "../bson/raw-fields.ts"
import type { CursorStore } from "../cursors/cursor-store.ts"
import type { Engine } from "../engine/engine.ts"
import { WireError } from "../wire/wire-error.ts"

/** A command as it came, with the few fields read that decide where it goes. */
export interface Command {
  name: string
  database: string
  /** The value of the first field when it is a string: for most commands the collection. */
  target: string | undefined
  /** Belongs to a transaction or a retryable write. */
  hasTransactionNumber: boolean
  /** Raw BSON, passed on as it is: DocumentDB knows the fields that drivers add. */
  body: Buffer
  sequences: ReadonlyMap<string, Buffer>
}

/** Raw BSON from DocumentDB, or a document to be serialised. */
export type Reply = Buffer | Document

export interface CommandContext {
  engine: Engine
  cursors: CursorStore
  connectionId: number
}

/** @throws MongoError when the command fails, EngineLostError when its outcome is unknown. */
export type CommandHandler = (command: Command, context: CommandContext) => Promise<Reply> | Reply

/** @throws WireError when the body holds no command. */
export function readCommand(body: Buffer, sequences: ReadonlyMap<string, Buffer>): Command {
  const command: Command = { name: "", database: "admin", target: undefined, hasTransactionNumber: false, body, sequences }
  for (const field of rawFields(body)) {
    if (command.name === "") {
      command.name = field.name
      command.target = stringValue(body, field)
    } else if (field.name === "$db") command.database = stringValue(body, field) ?? command.database
    else if (field.name === "txnNumber") command.hasTransactionNumber = true
  }
  if (command.name === "") throw new WireError("A message holds no command.")
  return command
}
