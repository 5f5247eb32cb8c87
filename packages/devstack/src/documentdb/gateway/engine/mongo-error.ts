import documentdbStates from "./error-codes.json" with { type: "json" }

/** MongoDB's number for a kind of error, and its name. */
export interface ErrorCode {
  code: number
  codeName: string
}

/** Those that the gateway itself raises. */
export const codes = {
  internalError: { code: 1, codeName: "InternalError" },
  badValue: { code: 2, codeName: "BadValue" },
  failedToParse: { code: 9, codeName: "FailedToParse" },
  authenticationFailed: { code: 18, codeName: "AuthenticationFailed" },
  illegalOperation: { code: 20, codeName: "IllegalOperation" },
  cursorNotFound: { code: 43, codeName: "CursorNotFound" },
  commandNotFound: { code: 59, codeName: "CommandNotFound" },
  invalidNamespace: { code: 73, codeName: "InvalidNamespace" },
  writeConflict: { code: 112, codeName: "WriteConflict" },
  commandNotSupported: { code: 115, codeName: "CommandNotSupported" },
  duplicateKey: { code: 11000, codeName: "DuplicateKey" },
} as const satisfies Record<string, ErrorCode>

/** A command that fails the way MongoDB says it. */
export class MongoError extends Error {
  override readonly name: string = "MongoError"
  readonly code: number
  readonly codeName: string

  constructor({ code, codeName }: ErrorCode, message: string) {
    super(message)
    this.code = code
    this.codeName = codeName
  }
}

/** The command lost against another one and was rolled back as a whole: it may be run again. */
export class WriteConflictError extends MongoError {
  override readonly name = "WriteConflictError"

  constructor(message: string) {
    super(codes.writeConflict, message)
  }
}

/** The PostgreSQL server went away, or did not answer: nobody knows whether the command took effect. */
export class EngineLostError extends Error {
  override readonly name = "EngineLostError"
}

const documentdbCodes = new Map<string, ErrorCode>(
  Object.entries(documentdbStates).flatMap(([state, [code, codeName]]) =>
    typeof code === "number" && typeof codeName === "string" ? [[state, { code, codeName }]] : [],
  ),
)

/** What PostgreSQL itself can say, in MongoDB's words. */
const postgresCodes = new Map<string, ErrorCode>([
  ["57014", { code: 50, codeName: "MaxTimeMSExpired" }],
  ["40P01", codes.writeConflict],
  ["40001", codes.writeConflict],
  ["55P03", { code: 24, codeName: "LockTimeout" }],
  ["23505", codes.duplicateKey],
  ["23P01", codes.duplicateKey],
  ["42501", { code: 13, codeName: "Unauthorized" }],
  ["53100", { code: 14031, codeName: "OutOfDiskSpace" }],
])

/** DocumentDB raises SQLSTATEs of its own ("M001C"), which stand for the codes of MongoDB. */
export function codeOfSqlState(sqlState: string): ErrorCode {
  return documentdbCodes.get(sqlState) ?? postgresCodes.get(sqlState) ?? codes.internalError
}

/** In replies, PostgreSQL's five characters come packed in an int32, six bits each from "0" on (its MAKE_SQLSTATE). */
export function unpackSqlState(packed: number): string {
  return [0, 6, 12, 18, 24].map((shift) => String.fromCharCode(((packed >> shift) & 0x3f) + 0x30)).join("")
}
